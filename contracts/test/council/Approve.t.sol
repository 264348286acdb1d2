// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { vm } from "../Vm.sol";
import { CouncilCase } from "./CouncilCase.sol";

contract CouncilApproveTest is CouncilCase {
    function test_An_approval_is_recorded_with_the_whole_call() public {
        uint64 expiry = GENESIS_TIME + 7 days;
        vm.expectEmit(wiring.council);
        emit ICouncil.CouncilCallApproved(id, council()[2], wiring.breaker, reset, "1", expiry);
        approve(2);
        (uint64 expiresAt, uint32 attempt, bool executed) = councilSeats.callOf(id);
        vm.assertEq(uint256(expiresAt), expiry);
        vm.assertEq(uint256(attempt), 1);
        vm.assertFalse(executed);
        vm.assertEq(uint256(councilSeats.approvalOf(id, council()[2])), 1);
        vm.assertEq(councilSeats.approvalsOf(id), 1);
    }

    function test_Later_approvals_share_the_expiry_of_the_first() public {
        approve(0);
        skip(6 days);
        approve(1);
        (uint64 expiresAt,,) = councilSeats.callOf(id);
        vm.assertEq(uint256(expiresAt), GENESIS_TIME + 7 days);
    }

    function test_After_the_expiry_approving_starts_anew() public {
        approve(0);
        approve(1);
        skip(7 days);
        approve(2);
        vm.assertEq(councilSeats.approvalsOf(id), 1);
        approve(0);
        vm.assertEq(councilSeats.approvalsOf(id), 2);
        vm.assertEq(uint256(councilSeats.approvalOf(id, council()[0])), 2);
    }

    function test_Only_members_approve() public {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.OnlyMember.selector, guardian));
        vm.prank(guardian);
        councilSeats.approve(wiring.breaker, reset, "1");
    }

    function test_A_member_approves_once() public {
        approve(0);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.AlreadyApproved.selector, id, council()[0]));
        approve(0);
    }

    function test_The_council_reaches_three_contracts_and_no_other() public {
        vm.startPrank(council()[0]);
        councilSeats.approve(wiring.governor, "", 0);
        councilSeats.approve(wiring.timelock, "", 0);
        address[3] memory others = [wiring.vault, wiring.treasury, wiring.credit];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICouncil.TargetNotGranted.selector, others[i]));
            councilSeats.approve(others[i], "", 0);
        }
    }

    function test_What_was_executed_is_not_approved_again() public {
        approve(0);
        approve(1);
        approve(2);
        execute();
        vm.expectRevert(abi.encodeWithSelector(ICouncil.AlreadyExecuted.selector, id));
        approve(3);
    }
}
