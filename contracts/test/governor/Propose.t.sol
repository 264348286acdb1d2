// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
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
        vm.expectEmit(wiring.governor);
        emit IAgentGovernor.QuorumFloorFixed(expected, FLOOR);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(proposer), Accounts.proposal(expected), bytes32(expected), BOND, Reasons.SPEND_BOND
        );
        vm.assertEq(propose(), expected);
        vm.assertEq(governor.bondOf(id), BOND);
        vm.assertEq(governor.proposalSnapshot(id), start);
        vm.assertEq(governor.proposalDeadline(id), start + 7 days);
        vm.assertEq(governor.proposalProposer(id), proposer);
        assertState(IGovernor.ProposalState.Pending);
    }

    function test_All_spends_of_a_proposal_count() public {
        spend(21);
        vm.assertEq(governor.bondFor(targets, calldatas), BOND + 2);
        propose();
        vm.assertEq(governor.bondOf(id), BOND + 2);
    }

    function test_What_spends_nothing_needs_a_hundred_credits() public {
        clear();
        call(wiring.parameters, abi.encodeCall(IParameters.setParam, (Keys.PROTOCOL_FEE, 50)));
        propose();
        vm.assertEq(governor.bondOf(id), 100 * CREDITS);
        vm.assertEq(creditOf(proposer), 900 * CREDITS);
    }

    function test_A_vote_on_an_office_needs_ten_thousand_more() public {
        fund(proposer, 9_100 * CREDITS);
        bytes[4] memory offices = [
            abi.encodeCall(TimelockController.updateDelay, (3 days)),
            abi.encodeCall(ICouncil.setMember, (1, address(0xBEEF))),
            abi.encodeCall(IAccessControl.grantRole, ("role", address(0xBEEF))),
            abi.encodeCall(IAccessControl.revokeRole, ("role", address(0xBEEF)))
        ];
        address[4] memory places = [wiring.timelock, wiring.council, wiring.verifierPool, wiring.verifierPool];
        for (uint256 i; i < 4; ++i) {
            clear();
            call(places[i], offices[i]);
            vm.assertEq(governor.bondFor(targets, calldatas), 10_100 * CREDITS);
        }
        propose();
        vm.assertEq(creditOf(proposer), 0);
        clear();
        call(wiring.council, abi.encodeCall(ICouncil.approve, (wiring.breaker, "", "salt")));
        vm.assertEq(governor.bondFor(targets, calldatas), 100 * CREDITS);
    }

    function test_A_spend_needs_as_many_votes_as_credits() public {
        clear();
        spend(FLOOR);
        spend(1);
        vm.assertEq(governor.valueOf(targets, calldatas), FLOOR + 1);
        vm.assertEq(governor.floorFor(targets, calldatas), FLOOR + 1);
        fund(proposer, 51 * THOUSANDS);
        propose();
        accept();
        vm.assertEq(governor.quorumOf(id), FLOOR + 1);
        assertState(IGovernor.ProposalState.Defeated);
    }

    function test_A_seat_of_the_council_is_voted_on_alone() public {
        call(wiring.council, abi.encodeCall(ICouncil.setMember, (1, address(0xBEEF))));
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.SeatStandsAlone.selector, 1));
        propose();
        clear();
        call(wiring.council, abi.encodeCall(ICouncil.setMember, (1, address(0xBEEF))));
        call(wiring.council, abi.encodeCall(ICouncil.setMember, (2, address(0xBEE2))));
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.SeatStandsAlone.selector, 0));
        propose();
    }

    function test_Changing_the_quorum_later_changes_nothing() public {
        newAgent(address(0xB16), 60_000 * THOUSANDS);
        propose();
        toVote();
        setParam(Keys.QUORUM_VOTES, 800);
        vm.assertEq(governor.quorumOf(id), 2_480 * THOUSANDS);
        vm.assertEq(governor.quorum(block.timestamp - 1), 4_960 * THOUSANDS);
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
        vault.withdraw(851 * CREDITS, proposer);
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
