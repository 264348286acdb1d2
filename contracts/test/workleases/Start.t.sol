// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { ITaskMarket, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { IWorkLeases, WorkLease } from "../../src/interfaces/IWorkLeases.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract StartTest is Market {
    function test_The_winner_starts() public {
        uint256 taskId = matched(PRICE);
        vm.expectEmit(wiring.workLeases);
        emit IWorkLeases.WorkLeaseStarted(1, taskId, agents[0], uint64(block.timestamp + 120), 120);
        vm.assertEq(startAs(0, taskId), 1);
        assertState(taskId, TaskState.RUNNING);
        WorkLease memory lease = leases.leaseOf(1);
        vm.assertEq(lease.taskId, taskId);
        vm.assertEq(lease.agentId, agents[0]);
        vm.assertEq(lease.expiresAt, block.timestamp + 120);
        vm.assertEq(lease.ttl, 120);
        vm.assertEq(lease.seq, 0);
        vm.assertEq(lease.cause, 0);
        vm.assertEq(leases.liveLeaseOf(taskId), 1);
        vm.assertEq(leases.leaseCount(), 1);
    }

    function test_Strangers_paused_agents_and_late_starts_are_refused() public {
        uint256 taskId = matched(PRICE);
        uint64 startBy = market.taskOf(taskId).startBy;
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        startAs(1, taskId);
        vm.prank(owners[0]);
        registry.setStatus(agents[0], 2, "");
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotActive.selector, agents[0], 2));
        startAs(0, taskId);
        vm.prank(owners[0]);
        registry.setStatus(agents[0], 1, "");
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, startBy, block.timestamp));
        startAs(0, taskId);
    }

    function test_A_second_start_is_refused() public {
        uint256 taskId = matched(PRICE);
        startAs(0, taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.RUNNING));
        startAs(0, taskId);
    }
}
