// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { ITaskMarket, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract WorkStartedTest is Market {
    function test_The_leases_are_told_who_works_and_until_when() public {
        uint256 taskId = matched(PRICE);
        uint64 due = market.taskOf(taskId).deliverBy;
        vm.recordLogs();
        vm.prank(wiring.workLeases);
        (uint256 agentId, uint32 leaseTtl, uint64 deliverBy) = market.workStarted(taskId, owners[0], 7);
        vm.assertEq(agentId, agents[0]);
        vm.assertEq(leaseTtl, 120);
        vm.assertEq(deliverBy, due);
        assertState(taskId, TaskState.RUNNING);
        vm.assertEq(market.taskOf(taskId).leaseId, 7);
        // The lease tells of the start, not the market.
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_Strangers_late_starts_and_tasks_that_run_already_are_refused() public {
        uint256 taskId = matched(PRICE);
        uint64 startBy = market.taskOf(taskId).startBy;
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        start(taskId, owners[1]);
        uint256 before = vm.snapshotState();
        vm.warp(startBy);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, startBy, block.timestamp));
        start(taskId, owners[0]);
        vm.revertToState(before);
        start(taskId, owners[0]);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.RUNNING));
        start(taskId, owners[0]);
    }

    function test_Only_the_leases_tell_of_it() public {
        uint256 taskId = matched(PRICE);
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, owners[0]));
        vm.prank(owners[0]);
        market.workStarted(taskId, owners[0], 7);
    }

    function start(uint256 taskId, address actor) private {
        vm.prank(wiring.workLeases);
        market.workStarted(taskId, actor, 7);
    }
}
