// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { vm } from "../Vm.sol";
import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract TimelockCancelTest is TimelockCase {
    function test_Governor_and_council_cancel_and_say_so() public {
        schedule();
        vm.expectEmit(wiring.timelock);
        emit TimelockController.Cancelled(id);
        vm.prank(wiring.council);
        timelock.cancel(id);
        vm.assertEq(timelock.getTimestamp(id), 0);
        schedule();
        vm.prank(wiring.governor);
        timelock.cancel(id);
        skip(2 days);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.execute(wiring.treasury, 0, data, 0, "s");
    }

    function seatSomebody(address scheduler) private returns (bytes32 operation) {
        bytes memory seat = abi.encodeCall(ICouncil.setMember, (0, address(0xBEEF)));
        operation = timelock.hashOperation(wiring.council, 0, seat, 0, "s");
        vm.prank(scheduler);
        timelock.schedule(wiring.council, 0, seat, 0, "s", 2 days);
    }

    function test_The_governor_s_change_of_a_seat_is_beyond_the_council() public {
        bytes32 operation = seatSomebody(wiring.governor);
        vm.assertTrue(timelock.isBeyondVeto(operation));
        vm.expectRevert(abi.encodeWithSelector(ITimelock.OperationBeyondVeto.selector, operation));
        vm.prank(wiring.council);
        timelock.cancel(operation);
        vm.prank(wiring.governor);
        timelock.cancel(operation);
        vm.assertFalse(timelock.isOperation(operation));
    }

    /// @dev Who was given the governor's role brings no votes: the veto reaches all that it schedules.
    function test_Another_proposer_s_change_of_a_seat_is_not() public {
        bytes32 role = timelock.PROPOSER_ROLE();
        vm.prank(wiring.timelock);
        timelock.grantRole(role, address(0x50EB));
        bytes32 operation = seatSomebody(address(0x50EB));
        vm.assertFalse(timelock.isBeyondVeto(operation));
        vm.prank(wiring.council);
        timelock.cancel(operation);
        vm.assertFalse(timelock.isOperation(operation));
    }

    function test_A_batch_with_more_than_a_seat_is_within_its_reach() public {
        address[] memory targets = new address[](2);
        bytes[] memory payloads = new bytes[](2);
        (targets[0], payloads[0]) = (wiring.council, abi.encodeCall(ICouncil.setMember, (0, address(0xBEEF))));
        (targets[1], payloads[1]) = (wiring.treasury, data);
        vm.prank(wiring.governor);
        timelock.scheduleBatch(targets, new uint256[](2), payloads, 0, "s", 2 days);
        bytes32 operation = timelock.hashOperationBatch(targets, new uint256[](2), payloads, 0, "s");
        vm.assertFalse(timelock.isBeyondVeto(operation));
        vm.assertEq(timelock.getTimestamp(operation), GENESIS_TIME + 14 days);
        vm.prank(wiring.council);
        timelock.cancel(operation);
    }

    function test_Nobody_else_cancels() public {
        schedule();
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector, address(this), timelock.CANCELLER_ROLE()
            )
        );
        timelock.cancel(id);
    }
}
