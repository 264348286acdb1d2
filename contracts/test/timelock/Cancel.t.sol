// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { vm } from "../Vm.sol";
import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
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
