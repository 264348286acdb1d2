// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
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
