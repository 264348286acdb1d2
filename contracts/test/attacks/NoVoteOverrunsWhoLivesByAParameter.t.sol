// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IParameters } from "../../src/interfaces/IParameters.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { GovernorCase } from "../governor/GovernorCase.sol";
import { vm } from "../Vm.sol";

/// @notice Row 46: one vote set minStakeVerifier from 100 to 10,000 credits; ten days later anyone evicted every verifier.
contract NoVoteOverrunsWhoLivesByAParameterTest is GovernorCase {
    function decide(uint256 value) private {
        clear();
        call(wiring.parameters, abi.encodeCall(IParameters.setParam, (Keys.MIN_STAKE_VERIFIER, value)));
        description = vm.toString(block.timestamp);
        propose();
        accept();
        queue();
        skip(2 days);
    }

    function test_No_vote_overruns_who_lives_by_a_parameter() public {
        decide(10_000 * CREDITS);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.OutOfBounds.selector, Keys.MIN_STAKE_VERIFIER, 10_000 * CREDITS, 50 * CREDITS, 200 * CREDITS
            )
        );
        execute();
    }

    /// @dev What one vote did takes seven, a month apart: more than an unbonding between any two.
    function test_A_hundredfold_takes_half_a_year() public {
        uint256 start = block.timestamp;
        uint256 steps;
        for (uint256 value = 200 * CREDITS; parameters.get(Keys.MIN_STAKE_VERIFIER) != 10_000 * CREDITS; value *= 2) {
            if (value > 10_000 * CREDITS) value = 10_000 * CREDITS;
            decide(value);
            (,, uint64 from) = parameters.stepOf(Keys.MIN_STAKE_VERIFIER);
            if (block.timestamp < from) {
                vm.expectPartialRevert(IParameters.ParameterRests.selector);
                execute();
                vm.warp(from);
            }
            execute();
            ++steps;
        }
        vm.assertEq(steps, 7);
        vm.assertGe(block.timestamp, start + 180 days);
    }
}
