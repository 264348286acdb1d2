// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { vm } from "../Vm.sol";
import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract ScheduleTest is TimelockCase {
    function test_The_governor_schedules_and_says_so() public {
        vm.expectEmit(wiring.timelock);
        emit TimelockController.CallScheduled(id, 0, wiring.treasury, 0, data, 0, 2 days);
        schedule();
        vm.assertTrue(timelock.isOperationPending(id));
        vm.assertFalse(timelock.isOperationReady(id));
        vm.assertEq(timelock.getTimestamp(id), GENESIS_TIME + 2 days);
        vm.assertEq(timelock.expiryOf(id), GENESIS_TIME + 32 days);
    }

    function test_A_change_of_an_office_waits_for_fourteen_days_whatever_was_asked_for() public {
        vm.prank(wiring.timelock);
        timelock.updateDelay(4 days);
        bytes[4] memory offices = [
            abi.encodeCall(TimelockController.updateDelay, (3 days)),
            abi.encodeCall(ICouncil.setMember, (0, address(0xBEEF))),
            abi.encodeCall(IAccessControl.grantRole, ("role", address(0xBEEF))),
            abi.encodeCall(IAccessControl.revokeRole, ("role", address(0xBEEF)))
        ];
        address[4] memory places = [wiring.timelock, wiring.council, wiring.verifierPool, wiring.verifierPool];
        vm.startPrank(wiring.governor);
        for (uint256 i; i < 4; ++i) {
            timelock.schedule(places[i], 0, offices[i], 0, "s", 4 days);
            bytes32 operation = timelock.hashOperation(places[i], 0, offices[i], 0, "s");
            vm.assertEq(timelock.getTimestamp(operation), GENESIS_TIME + 14 days);
        }
        bytes memory approval = abi.encodeCall(ICouncil.approve, (wiring.breaker, "", "salt"));
        timelock.schedule(wiring.council, 0, approval, 0, "s", 4 days);
        bytes32 ordinary = timelock.hashOperation(wiring.council, 0, approval, 0, "s");
        vm.assertEq(timelock.getTimestamp(ordinary), GENESIS_TIME + 4 days);
    }

    function test_Where_twice_the_least_delay_is_longer_it_waits_for_that() public {
        for (uint256 delay = 4 days; delay < 9 days; delay *= 2) {
            vm.prank(wiring.timelock);
            timelock.updateDelay(delay);
            skip(30 days);
        }
        bytes memory office = abi.encodeCall(TimelockController.updateDelay, (9 days));
        vm.prank(wiring.governor);
        timelock.schedule(wiring.timelock, 0, office, 0, "s", 8 days);
        bytes32 operation = timelock.hashOperation(wiring.timelock, 0, office, 0, "s");
        vm.assertEq(timelock.getTimestamp(operation), block.timestamp + 16 days);
    }

    function test_Only_the_governor_schedules() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector, wiring.council, timelock.PROPOSER_ROLE()
            )
        );
        vm.prank(wiring.council);
        timelock.schedule(wiring.treasury, 0, data, 0, "s", 2 days);
    }

    function test_No_operation_is_scheduled_for_sooner_than_the_delay() public {
        vm.expectRevert(
            abi.encodeWithSelector(TimelockController.TimelockInsufficientDelay.selector, 2 days - 1, 2 days)
        );
        vm.prank(wiring.governor);
        timelock.schedule(wiring.treasury, 0, data, 0, "s", 2 days - 1);
    }
}
