// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { GovernorCase } from "./GovernorCase.sol";

contract GovernorCancelTest is GovernorCase {
    function test_The_proposer_withdraws_before_the_vote_with_its_bond() public {
        propose();
        vm.expectEmit(wiring.governor);
        emit IGovernor.ProposalCanceled(id);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.proposal(id), Accounts.credit(proposer), bytes32(id), BOND, Reasons.BOND_RETURN);
        vm.prank(proposer);
        governor.cancel(targets, values, calldatas, hash());
        vm.assertEq(held(), 0);
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.NoBond.selector, id));
        governor.releaseBond(id);
    }

    function test_Once_the_vote_runs_the_proposer_cannot() public {
        propose();
        toVote();
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, proposer));
        vm.prank(proposer);
        governor.cancel(targets, values, calldatas, hash());
    }

    function test_Three_of_five_cancel_a_running_vote() public {
        propose();
        toVote();
        councilCancels();
        assertState(IGovernor.ProposalState.Canceled);
        vm.assertEq(held(), BOND);
    }

    function test_Three_of_five_cancel_what_waits_in_the_timelock() public {
        propose();
        accept();
        queue();
        bytes32 salt = bytes20(wiring.governor) ^ hash();
        bytes32 operation = timelock.hashOperationBatch(targets, values, calldatas, 0, salt);
        councilCalls(wiring.timelock, abi.encodeCall(TimelockController.cancel, (operation)));
        assertState(IGovernor.ProposalState.Canceled);
        vm.assertFalse(timelock.isOperation(operation));
        governor.releaseBond(id);
        vm.assertEq(creditOf(proposer), 850 * CREDITS);
    }

    function test_The_council_cancels_a_queued_proposal_in_both_places() public {
        propose();
        accept();
        queue();
        councilCancels();
        bytes32 salt = bytes20(wiring.governor) ^ hash();
        vm.assertFalse(timelock.isOperation(timelock.hashOperationBatch(targets, values, calldatas, 0, salt)));
        skip(2 days);
        vm.expectRevert();
        execute();
    }

    function test_A_vote_on_a_seat_is_beyond_the_council() public {
        clear();
        call(wiring.council, abi.encodeCall(ICouncil.setMember, (0, address(0xBEEF))));
        fund(proposer, 10_000 * CREDITS);
        propose();
        bytes memory veto = abi.encodeCall(IGovernor.cancel, (targets, values, calldatas, hash()));
        for (uint256 i; i < 3; ++i) {
            vm.prank(council()[i]);
            councilSeats.approve(wiring.governor, veto, "salt");
        }
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.BeyondVeto.selector, id));
        councilSeats.execute(wiring.governor, veto, "salt");
        assertState(IGovernor.ProposalState.Pending);
        // Its proposer may still take it back.
        vm.prank(proposer);
        governor.cancel(targets, values, calldatas, hash());
        vm.assertEq(creditOf(proposer), 11_000 * CREDITS);
    }

    function test_Nobody_else_cancels() public {
        propose();
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, voter));
        vm.prank(voter);
        governor.cancel(targets, values, calldatas, hash());
    }
}
