// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { IParameters } from "../../src/interfaces/IParameters.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { vm } from "../Vm.sol";
import { GovernorCase } from "./GovernorCase.sol";

contract GovernorProposeTest is GovernorCase {
    function test_A_spend_proposal_locks_a_twentieth_and_fixes_its_terms() public {
        uint256 expected = governor.hashProposal(targets, values, calldatas, hash());
        uint256 start = block.timestamp + 1 days;
        vm.expectEmit(wiring.governor);
        emit IGovernor.ProposalCreated(
            expected, proposer, targets, values, new string[](1), calldatas, start, start + 7 days, description
        );
        vm.expectEmit(wiring.governor);
        emit IAgentGovernor.QuorumFixed(expected, 400);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(proposer), Accounts.proposal(expected), bytes32(expected), 50 * CREDITS, Reasons.SPEND_BOND
        );
        vm.assertEq(propose(), expected);
        vm.assertEq(governor.bondOf(id), 50 * CREDITS);
        vm.assertEq(governor.proposalSnapshot(id), start);
        vm.assertEq(governor.proposalDeadline(id), start + 7 days);
        vm.assertEq(governor.proposalProposer(id), proposer);
        assertState(IGovernor.ProposalState.Pending);
    }

    function test_All_spends_of_a_proposal_count() public {
        spend(21);
        vm.assertEq(governor.bondFor(targets, calldatas), 50 * CREDITS + 2);
        propose();
        vm.assertEq(governor.bondOf(id), 50 * CREDITS + 2);
    }

    function test_What_spends_nothing_needs_no_bond() public {
        clear();
        call(wiring.parameters, abi.encodeCall(IParameters.setParam, (Keys.PROTOCOL_FEE, 50)));
        propose();
        vm.assertEq(governor.bondOf(id), 0);
        vm.assertEq(creditOf(proposer), 1_000 * CREDITS);
    }

    function test_Changing_the_quorum_later_changes_nothing() public {
        propose();
        toVote();
        setParam(Keys.QUORUM_VOTES, 2_000);
        vm.assertEq(governor.quorumOf(id), 80 * CREDITS);
        vm.assertEq(governor.quorum(block.timestamp - 1), 400 * CREDITS);
    }

    function test_Too_small_a_stake_cannot_propose() public {
        address newcomer = address(0xE);
        newAgent(newcomer, 99 * CREDITS);
        fund(newcomer, 50 * CREDITS);
        skip(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, newcomer, 99 * CREDITS, 100 * CREDITS
            )
        );
        vm.prank(newcomer);
        governor.propose(targets, values, calldatas, description);
    }

    function test_A_proposer_without_the_bond_is_refused() public {
        vm.prank(proposer);
        vault.withdraw(951 * CREDITS, proposer);
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        propose();
    }

    function test_More_than_ten_actions_are_refused() public {
        for (uint256 i = 1; i < 11; ++i) {
            spend(1);
        }
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.TooManyActions.selector, 11, 10));
        propose();
    }

    function test_The_governor_is_not_its_own_subject() public {
        call(wiring.governor, "");
        vm.expectRevert(IAgentGovernor.CannotCallItself.selector);
        propose();
    }

    function test_A_spend_of_the_wrong_length_is_refused() public {
        clear();
        call(wiring.treasury, abi.encodePacked(ITreasury.spend.selector, uint256(1)));
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.MalformedSpend.selector, 0, 36));
        propose();
    }

    function test_The_same_proposal_twice_is_refused() public {
        propose();
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        propose();
    }

    function test_A_tripped_breaker_does_not_stop_a_vote() public {
        trip(2);
        propose();
        toVote();
        vote(voter, IN_FAVOUR);
    }
}
