// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { vm } from "../Vm.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract UpdateDelayTest is TimelockCase {
    function update(uint256 delay) private {
        vm.prank(wiring.timelock);
        timelock.updateDelay(delay);
    }

    function refuse(uint256 delay, uint256 shortest, uint256 longest) private {
        vm.expectRevert(abi.encodeWithSelector(ITimelock.DelayOutOfBounds.selector, delay, shortest, longest));
        update(delay);
    }

    function test_The_delay_stays_in_its_bounds() public {
        refuse(1 days - 1, 1 days, 30 days);
        refuse(30 days + 1, 1 days, 30 days);
        vm.expectRevert(abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, address(this)));
        timelock.updateDelay(3 days);
    }

    function test_It_at_most_doubles_or_halves_in_a_month() public {
        refuse(4 days + 1, 1 days, 4 days);
        vm.expectEmit(wiring.timelock);
        emit TimelockController.MinDelayChange(2 days, 4 days);
        update(4 days);
        vm.assertEq(timelock.getMinDelay(), 4 days);
        uint64 rested = uint64(block.timestamp + 30 days);
        skip(30 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ITimelock.DelayRests.selector, rested, rested - 1));
        update(3 days);
        skip(1);
        refuse(2 days - 1, 2 days, 8 days);
        update(2 days);
        vm.assertEq(timelock.getMinDelay(), 2 days);
    }
}
