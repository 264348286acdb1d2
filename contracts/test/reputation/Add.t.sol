// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../../src/interfaces/IReputation.sol";
import { Decay } from "../../src/libraries/Decay.sol";
import { Causes, Domains } from "../../src/libraries/Domains.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract AddTest is Market {
    function add(int256 increment) internal {
        vm.prank(wiring.disputes);
        reputation.add(agents[0], DOMAIN, bytes32(uint256(3)), increment, Causes.UPHELD);
    }

    function test_An_increment_is_weighed_and_emitted() public {
        skip(90 days);
        int256 accumulator = int256(5e6) << 63;
        vm.expectEmit(wiring.reputation);
        emit IReputation.ReputationSet(agents[0], DOMAIN, bytes32(uint256(3)), 5e6, accumulator, Causes.UPHELD);
        add(5e6);
        vm.assertEq(reputation.accumulatorOf(agents[0], DOMAIN), accumulator);
        vm.assertEq(reputation.lastActiveOf(agents[0], DOMAIN), block.timestamp);
        vm.assertEq(reputation.scoreOf(agents[0], "other"), 0);
        vm.assertEq(reputation.scoreOf(agents[1], DOMAIN), 0);
    }

    function test_A_loss_is_no_activity() public {
        add(-5e6);
        vm.assertEq(reputation.lastActiveOf(agents[0], DOMAIN), 0);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), -5e6);
    }

    function test_Only_modules_add() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        reputation.add(agents[0], DOMAIN, 0, 1, 1);
    }

    function test_A_new_half_life_moves_no_score() public {
        add(10e6);
        skip(45 days);
        int256 score = reputation.scoreOf(agents[0], DOMAIN);
        setParam(Keys.REP_HALF_LIFE, 60 days);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), score);
        skip(60 days);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), score / 2);
    }

    function test_Strikes_have_a_half_life_of_their_own() public {
        vm.prank(wiring.disputes);
        reputation.add(agents[0], Domains.STRIKE, 0, Causes.STRIKE * 4, Causes.STRUCK);
        setParam(Keys.STRIKE_HALF_LIFE, 60 days);
        skip(60 days);
        vm.assertEq(reputation.strikesOf(agents[0]), 2);
    }

    /// @dev The clock once stood still after 120 half-lives: what was earned from then on was kept for ever.
    function test_After_a_hundred_and_twenty_half_lives_scores_still_halve() public {
        add(1e6);
        skip(121 * 90 days);
        add(8e6);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 8e6);
        skip(90 days);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 4e6);
        skip(1_000 * 90 days);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 0);
        add(-8e6);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), -8e6);
        skip(180 days);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), -2e6);
    }

    function test_The_end_of_an_epoch_moves_no_score() public {
        skip(119 * 90 days);
        add(64e6);
        skip(45 days);
        add(-32e6);
        for (uint256 i; i < 6; ++i) {
            int256 before = reputation.scoreOf(agents[0], DOMAIN);
            skip(15 days);
            int256 later = reputation.scoreOf(agents[0], DOMAIN);
            // 2^(-1/6) is 0.8908987; fifteen days are 10,922.67 steps of the clock, which are rounded.
            int256 expected = before * 8_908_987 / 10_000_000;
            vm.assertTrue(later - expected <= 200 && expected - later <= 200);
        }
    }

    function test_Losing_something_in_a_new_epoch_is_no_activity() public {
        skip(121 * 90 days);
        add(-5e6);
        vm.assertEq(reputation.lastActiveOf(agents[0], DOMAIN), 0);
        vm.assertTrue(reputation.accumulatorOf(agents[0], DOMAIN) > int256(1) << 231);
        add(5e6);
        vm.assertEq(reputation.lastActiveOf(agents[0], DOMAIN), block.timestamp);
    }

    function test_Fuzz_one_accumulator_equals_the_sum_of_its_decayed_parts(uint256 seed) public {
        int256 sum;
        int256[6] memory increments;
        uint256[6] memory exponents;
        for (uint256 i; i < 6; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            skip(seed % 40 days);
            increments[i] = int256(bound(seed >> 64, 0, 60e6)) - 30e6;
            exponents[i] = parameters.exponentAt(Keys.REP_HALF_LIFE, uint64(block.timestamp));
            add(increments[i]);
        }
        skip(7 days);
        uint256 now_ = parameters.exponentAt(Keys.REP_HALF_LIFE, uint64(block.timestamp));
        for (uint256 i; i < 6; ++i) {
            sum += Decay.weigh(increments[i], exponents[i]);
        }
        vm.assertEq(reputation.accumulatorOf(agents[0], DOMAIN), sum);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), Decay.read(sum, now_));
    }
}
