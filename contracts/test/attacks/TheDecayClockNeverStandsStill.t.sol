// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Causes, Domains } from "../../src/libraries/Domains.sol";
import { Decay } from "../../src/libraries/Decay.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

/// @notice Row 47: after 120 half-lives, 9.9 years at 30 days, the clock stood still: a strike of that day was never forgotten,
///         and a score that was bought once held for ever.
contract TheDecayClockNeverStandsStillTest is Agents {
    bytes32 private constant DOMAIN = "translation";
    uint256 private agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(person("owner"), 0);
    }

    function add(bytes32 domain, int256 increment) private {
        vm.prank(wiring.disputes);
        reputation.add(agentId, domain, bytes32(uint256(1)), increment, Causes.UPHELD);
    }

    function test_The_decay_clock_never_stands_still() public {
        for (uint256 decade; decade < 12; ++decade) {
            vm.warp(GENESIS_TIME + decade * 3_650 days);
            add(Domains.STRIKE, Causes.STRIKE);
            vm.assertEq(reputation.strikesOf(agentId), 1);
            skip(31 days);
            vm.assertEq(reputation.strikesOf(agentId), 0, "a strike is forgotten in every decade alike");
        }
    }

    /// @dev The same life, lived in the first epoch and across the end of one: the scores differ by what is rounded, 1 up.
    function test_Fuzz_an_epoch_s_end_changes_no_life(uint256 seed) public {
        uint256 other = newAgent(person("other"), 0);
        int256[8] memory first;
        for (uint256 turn; turn < 2; ++turn) {
            uint256 dice = seed;
            vm.warp(GENESIS_TIME + (turn == 0 ? 0 : 118 * 90 days));
            for (uint256 i; i < 8; ++i) {
                dice = uint256(keccak256(abi.encode(dice)));
                // Whole sixteenths of a half-life, so that both lives meet the same fractions.
                skip((1 + dice % 16) * 90 days / 16);
                vm.prank(wiring.disputes);
                reputation.add(
                    turn == 0 ? agentId : other, DOMAIN, 0, int256((dice >> 64) % 60e6) - 30e6, Causes.UPHELD
                );
                int256 score = reputation.scoreOf(turn == 0 ? agentId : other, DOMAIN);
                if (turn == 0) first[i] = score;
                else vm.assertTrue(score - first[i] <= 1 && first[i] - score <= 1);
            }
        }
    }

    function test_Fuzz_reading_across_epochs_is_reading_in_steps(uint256 seed) public pure {
        int256 accumulator = Decay.add(0, int256(bound(seed, 0, 60e6)) - 30e6, seed % Decay.CAP);
        uint256 later = Decay.CAP + (seed >> 128) % Decay.CAP;
        int256 carried = Decay.add(accumulator, 0, Decay.CAP);
        vm.assertEq(Decay.read(carried, later), Decay.read(accumulator, later));
        vm.assertEq(Decay.read(accumulator, 3 * Decay.CAP), 0);
        vm.assertFalse(Decay.grew(accumulator, carried));
    }
}
