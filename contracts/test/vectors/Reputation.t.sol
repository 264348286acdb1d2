// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Decay } from "../../src/libraries/Decay.sol";
import { Causes, Domains } from "../../src/libraries/Domains.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

/// @notice The `vector:` lines of the economics, section 5 and K_result of section 3.
contract ReputationVectorsTest is Agents {
    bytes32 internal constant DOMAIN = "translation";
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(person("owner"), 0);
    }

    function add(bytes32 domain, int256 increment) internal {
        vm.prank(wiring.disputes);
        reputation.add(agentId, domain, bytes32(uint256(1)), increment, Causes.UPHELD);
    }

    function at(uint256 daysLater) internal {
        vm.warp(GENESIS_TIME + daysLater * 1 days);
    }

    function test_Ten_points_halve_every_ninety_days() public {
        add(DOMAIN, 10e6);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), 10_000_000);
        at(1);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), 9_923_298);
        at(45);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), 7_071_067);
        at(90);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), 5_000_000);
        at(365);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), 601_395);
    }

    function test_A_negative_score_decays_toward_zero() public {
        add(DOMAIN, -30e6);
        at(45);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), -21_213_203);
    }

    function test_A_mixed_history_has_one_accumulator() public {
        add(DOMAIN, 10e6);
        at(30);
        add(DOMAIN, 10_250_000);
        at(60);
        add(DOMAIN, -20e6);
        vm.assertEq(reputation.accumulatorOf(agentId, DOMAIN), -40738029193495997534250000);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), -5_564_891);
        at(90);
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), -4_416_825);
    }

    function test_Completions_earn_by_value() public {
        assertEarned(5 * CREDITS, 505_000);
        assertEarned(100 * CREDITS, 10_100_000);
        assertEarned(250 * CREDITS, 10_250_000);
        assertEarned(20_000 * CREDITS, 20_000_000);
    }

    function assertEarned(uint256 value, int256 expected) internal {
        uint256 state = vm.snapshotState();
        vm.prank(wiring.taskMarket);
        reputation.addCompletion(agentId, DOMAIN, 1, value, address(0xC11E27));
        vm.assertEq(reputation.scoreOf(agentId, DOMAIN), expected);
        vm.revertToState(state);
    }

    function test_One_strike_lasts_thirty_days() public {
        add(Domains.STRIKE, Causes.STRIKE);
        vm.assertEq(reputation.strikesOf(agentId), 1);
        at(30);
        vm.assertEq(reputation.strikesOf(agentId), 1);
        at(31);
        vm.assertEq(reputation.strikesOf(agentId), 0);
    }

    function test_Two_strikes_become_one_after_twelve_days_and_none_after_sixty() public {
        add(Domains.STRIKE, Causes.STRIKE);
        add(Domains.STRIKE, Causes.STRIKE);
        vm.assertEq(reputation.strikesOf(agentId), 2);
        at(12);
        vm.assertEq(reputation.strikesOf(agentId), 2);
        at(13);
        vm.assertEq(reputation.strikesOf(agentId), 1);
        at(60);
        vm.assertEq(reputation.strikesOf(agentId), 1);
        at(61);
        vm.assertEq(reputation.strikesOf(agentId), 0);
    }

    function test_Fuzz_growth_doubles_with_every_half_life(uint256 exponent) public pure {
        exponent = bound(exponent, 0, Decay.CAP - 65536);
        vm.assertEq(Decay.growth(exponent + 65536), Decay.growth(exponent) * 2);
    }

    function test_Fuzz_growth_never_falls(uint256 exponent) public pure {
        exponent = bound(exponent, 0, Decay.CAP + 10);
        vm.assertGe(Decay.growth(exponent + 1), Decay.growth(exponent));
    }
}
