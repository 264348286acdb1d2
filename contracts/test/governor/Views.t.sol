// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Keys } from "../../src/libraries/Keys.sol";
import { vm } from "../Vm.sol";
import { GovernorCase } from "./GovernorCase.sol";

contract GovernorViewsTest is GovernorCase {
    function test_The_clock_is_the_timestamp() public view {
        vm.assertEq(uint256(governor.clock()), block.timestamp);
        vm.assertEq(governor.CLOCK_MODE(), "mode=timestamp");
    }

    function test_The_terms_of_a_proposal_made_now_are_the_parameters() public {
        vm.assertEq(governor.votingDelay(), parameters.get(Keys.VOTING_DELAY));
        vm.assertEq(governor.votingPeriod(), parameters.get(Keys.VOTING_PERIOD));
        vm.assertEq(governor.proposalThreshold(), parameters.get(Keys.MIN_STAKE_VERIFIER));
        // 4 % of 2,000,000 credits is less than a thousandth of all.
        vm.assertEq(governor.quorum(block.timestamp - 1), FLOOR);
        newAgent(address(0xB16), 60_000 * THOUSANDS);
        skip(1);
        vm.assertEq(governor.quorum(block.timestamp - 1), 2_480 * THOUSANDS);
        setParam(Keys.QUORUM_VOTES, 800);
        vm.assertEq(governor.quorum(block.timestamp - 1), 4_960 * THOUSANDS);
    }

    /// @dev Before the parameter changed it was 4 %: a proposal keeps what it was made with.
    function test_A_proposal_keeps_its_quorum() public {
        newAgent(address(0xB16), 60_000 * THOUSANDS);
        propose();
        setParam(Keys.QUORUM_VOTES, 800);
        toVote();
        vm.assertEq(governor.quorumOf(id), 2_480 * THOUSANDS);
    }

    function test_Every_proposal_passes_the_timelock() public {
        vm.assertTrue(governor.proposalNeedsQueuing(propose()));
        vm.assertEq(governor.timelock(), wiring.timelock);
    }
}
