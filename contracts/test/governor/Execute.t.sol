// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IParameters } from "../../src/interfaces/IParameters.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { vm } from "../Vm.sol";
import { GovernorCase } from "./GovernorCase.sol";

contract GovernorExecuteTest is GovernorCase {
    function test_An_accepted_spend_is_queued_waits_and_pays() public {
        propose();
        accept();
        assertState(IGovernor.ProposalState.Succeeded);
        queue();
        assertState(IGovernor.ProposalState.Queued);
        vm.assertEq(governor.proposalEta(id), block.timestamp + 2 days);
        vm.expectRevert();
        execute();
        skip(2 days);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.TREASURY, Accounts.credit(grantee), "purpose", 1_000 * CREDITS, Reasons.SPEND);
        vm.expectEmit(wiring.governor);
        emit IGovernor.ProposalExecuted(id);
        execute();
        vm.assertEq(creditOf(grantee), 1_000 * CREDITS);
        assertState(IGovernor.ProposalState.Executed);
    }

    function test_The_stake_sets_a_parameter() public {
        clear();
        call(wiring.parameters, abi.encodeCall(IParameters.setParam, (Keys.PROTOCOL_FEE, 50)));
        propose();
        accept();
        queue();
        skip(2 days);
        execute();
        vm.assertEq(parameters.get(Keys.PROTOCOL_FEE), 50);
    }

    function test_Without_a_quorum_nothing_is_accepted() public {
        newAgent(address(0xB16), 60_000 * THOUSANDS);
        skip(1);
        propose();
        toVote();
        vote(small, IN_FAVOUR);
        vote(voter, IN_FAVOUR);
        afterVote();
        vm.assertEq(governor.quorumOf(id), 2_480 * THOUSANDS);
        assertState(IGovernor.ProposalState.Defeated);
    }

    function test_Below_the_floor_nothing_is_accepted_however_small_the_stake() public {
        propose();
        toVote();
        vote(small, IN_FAVOUR);
        afterVote();
        vm.assertEq(governor.quorumOf(id), FLOOR);
        assertState(IGovernor.ProposalState.Defeated);
        vm.assertFalse(governor.isRejected(id));
    }

    function test_A_vote_on_an_office_waits_for_fourteen_days() public {
        clear();
        call(wiring.timelock, abi.encodeCall(TimelockController.updateDelay, (3 days)));
        fund(proposer, 10_000 * CREDITS);
        propose();
        accept();
        vm.expectEmit(wiring.governor);
        emit IGovernor.ProposalQueued(id, block.timestamp + 14 days);
        queue();
        vm.assertEq(governor.proposalEta(id), block.timestamp + 14 days);
        skip(14 days - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        execute();
        skip(1);
        execute();
        vm.assertEq(timelock.getMinDelay(), 3 days);
    }

    function test_A_decision_that_nobody_queues_expires() public {
        propose();
        accept();
        uint256 expiry = governor.proposalDeadline(id) + 30 days;
        vm.assertEq(governor.expiryOf(id), expiry);
        vm.warp(expiry - 1);
        assertState(IGovernor.ProposalState.Succeeded);
        vm.warp(expiry);
        assertState(IGovernor.ProposalState.Expired);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        queue();
    }

    function test_A_decision_that_nobody_executes_expires() public {
        propose();
        accept();
        queue();
        vm.warp(governor.proposalEta(id) + 30 days);
        assertState(IGovernor.ProposalState.Expired);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        execute();
    }

    function test_An_unknown_proposal_has_no_expiry() public view {
        vm.assertEq(governor.expiryOf(7), 0);
    }
}
