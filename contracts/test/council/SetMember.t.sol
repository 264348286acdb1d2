// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { vm } from "../Vm.sol";
import { CouncilCase } from "./CouncilCase.sol";

contract CouncilSetMemberTest is CouncilCase {
    function test_The_deployment_seats_five() public view {
        for (uint8 seat; seat < 5; ++seat) {
            vm.assertEq(councilSeats.memberAt(seat), council()[seat]);
            vm.assertTrue(councilSeats.isMember(council()[seat]));
        }
    }

    function test_The_timelock_replaces_a_member() public {
        vm.expectEmit(wiring.council);
        emit ICouncil.CouncilMemberSet(3, address(0xBEEF));
        vm.prank(wiring.timelock);
        councilSeats.setMember(3, address(0xBEEF));
        vm.assertEq(councilSeats.memberAt(3), address(0xBEEF));
        vm.assertFalse(councilSeats.isMember(council()[3]));
    }

    function test_One_seat_changes_hands_in_fourteen_days() public {
        vm.prank(wiring.timelock);
        councilSeats.setMember(3, address(0xBEEF));
        uint64 rested = uint64(block.timestamp + 14 days);
        skip(14 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.SeatsRest.selector, rested, rested - 1));
        vm.prank(wiring.timelock);
        councilSeats.setMember(4, address(0xBEE2));
        skip(1);
        vm.prank(wiring.timelock);
        councilSeats.setMember(4, address(0xBEE2));
        vm.assertEq(councilSeats.memberAt(4), address(0xBEE2));
    }

    function test_Nobody_else_does_not_even_the_council() public {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.OnlyTimelock.selector, wiring.council));
        vm.prank(wiring.council);
        councilSeats.setMember(0, address(0xBEEF));
    }

    function test_A_seat_that_is_not_there_a_zero_member_and_a_second_seat_are_refused() public {
        vm.startPrank(wiring.timelock);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.UnknownSeat.selector, 5));
        councilSeats.setMember(5, address(0xBEEF));
        vm.expectRevert(ICouncil.ZeroMember.selector);
        councilSeats.setMember(0, address(0));
        vm.expectRevert(abi.encodeWithSelector(ICouncil.AlreadySeated.selector, council()[1]));
        councilSeats.setMember(0, council()[1]);
    }
}
