// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { vm } from "../Vm.sol";
import { CouncilCase } from "./CouncilCase.sol";

contract CouncilExecuteTest is CouncilCase {
    function test_Three_of_five_end_a_trip() public {
        approve(0);
        approve(4);
        approve(2);
        vm.expectEmit(wiring.council);
        emit ICouncil.CouncilCallExecuted(id, address(this));
        vm.expectEmit(wiring.breaker);
        emit IBreaker.BreakerReset("channels", wiring.council, GENESIS_TIME + 6 hours);
        execute();
        (uint8 level,) = breaker.levelOf("channels");
        vm.assertEq(uint256(level), 0);
        (,, bool executed) = councilSeats.callOf(id);
        vm.assertTrue(executed);
    }

    function test_Two_are_not_enough() public {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotEnoughApprovals.selector, id, 0, 3));
        execute();
        approve(0);
        approve(1);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotEnoughApprovals.selector, id, 2, 3));
        execute();
    }

    function test_Approvals_expire() public {
        approve(0);
        approve(1);
        approve(2);
        skip(7 days);
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.ApprovalsExpired.selector, id, GENESIS_TIME + 7 days, GENESIS_TIME + 7 days)
        );
        execute();
    }

    function test_A_call_is_executed_once() public {
        approve(0);
        approve(1);
        approve(2);
        execute();
        vm.expectRevert(abi.encodeWithSelector(ICouncil.AlreadyExecuted.selector, id));
        execute();
    }

    function test_A_failing_call_says_why_and_can_be_tried_again() public {
        approve(0);
        approve(1);
        approve(2);
        vm.warp(GENESIS_TIME + 72 hours);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.NotTripped.selector, bytes32("channels")));
        execute();
        (,, bool executed) = councilSeats.callOf(id);
        vm.assertFalse(executed);
    }

    function test_Who_left_the_council_no_longer_counts() public {
        approve(0);
        approve(1);
        approve(2);
        vm.prank(wiring.timelock);
        councilSeats.setMember(1, address(0xBEEF));
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotEnoughApprovals.selector, id, 2, 3));
        execute();
        vm.prank(address(0xBEEF));
        councilSeats.approve(wiring.breaker, reset, "1");
        execute();
    }
}
