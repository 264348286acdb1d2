// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { vm } from "../Vm.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract UpdateDelayTest is TimelockCase {
    function test_The_delay_stays_in_its_bounds() public {
        vm.startPrank(wiring.timelock);
        vm.expectEmit(wiring.timelock);
        emit TimelockController.MinDelayChange(2 days, 30 days);
        timelock.updateDelay(30 days);
        vm.assertEq(timelock.getMinDelay(), 30 days);
        vm.expectRevert(abi.encodeWithSelector(ITimelock.DelayOutOfBounds.selector, 1 days - 1, 1 days, 30 days));
        timelock.updateDelay(1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ITimelock.DelayOutOfBounds.selector, 30 days + 1, 1 days, 30 days));
        timelock.updateDelay(30 days + 1);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, address(this)));
        timelock.updateDelay(3 days);
    }
}
