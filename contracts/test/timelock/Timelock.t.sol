// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract TimelockTest is Commons {
    bytes private data = abi.encodeCall(ITreasury.spend, (address(7), 5, "x"));
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = timelock.hashOperation(wiring.treasury, 0, data, 0, "s");
    }

    function schedule() private {
        vm.prank(wiring.governor);
        timelock.schedule(wiring.treasury, 0, data, 0, "s", 2 days);
    }

    function test_Its_roles_are_those_of_the_design() public view {
        bytes32 proposer = timelock.PROPOSER_ROLE();
        bytes32 canceller = timelock.CANCELLER_ROLE();
        bytes32 executor = timelock.EXECUTOR_ROLE();
        vm.assertEq(timelock.getMinDelay(), 2 days);
        vm.assertTrue(timelock.hasRole(proposer, wiring.governor));
        vm.assertFalse(timelock.hasRole(proposer, wiring.council));
        vm.assertTrue(timelock.hasRole(canceller, wiring.governor));
        vm.assertTrue(timelock.hasRole(canceller, wiring.council));
        vm.assertTrue(timelock.hasRole(executor, address(0)));
        vm.assertTrue(timelock.hasRole(0, wiring.timelock));
        vm.assertFalse(timelock.hasRole(0, address(this)));
    }

    function test_A_ready_operation_is_executed_by_anyone() public {
        schedule();
        vm.assertEq(timelock.expiryOf(id), GENESIS_TIME + 32 days);
        skip(2 days);
        timelock.execute(wiring.treasury, 0, data, 0, "s");
        vm.assertEq(creditOf(address(7)), 5);
        vm.assertEq(timelock.expiryOf(id), 0);
    }

    function test_Thirty_days_later_it_is_void() public {
        schedule();
        skip(32 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITimelock.OperationExpired.selector, id, GENESIS_TIME + 32 days, GENESIS_TIME + 32 days
            )
        );
        timelock.execute(wiring.treasury, 0, data, 0, "s");
    }

    function test_A_batch_expires_too() public {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory payloads = new bytes[](1);
        targets[0] = wiring.treasury;
        payloads[0] = data;
        vm.prank(wiring.governor);
        timelock.scheduleBatch(targets, values, payloads, 0, 0, 2 days);
        skip(32 days);
        vm.expectPartialRevert(ITimelock.OperationExpired.selector);
        timelock.executeBatch(targets, values, payloads, 0, 0);
    }

    function test_Only_the_governor_schedules() public {
        vm.expectRevert();
        vm.prank(wiring.council);
        timelock.schedule(wiring.treasury, 0, data, 0, "s", 2 days);
    }

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
