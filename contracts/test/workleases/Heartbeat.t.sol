// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IWorkLeases } from "../../src/interfaces/IWorkLeases.sol";
import { Breaker } from "../../src/Breaker.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract HeartbeatTest is Market {
    function beat(uint256 leaseId) internal {
        vm.prank(owners[0]);
        leases.heartbeat(leaseId, keccak256("progress"));
    }

    function test_A_heartbeat_extends_the_lease() public {
        (, uint256 leaseId) = running(PRICE);
        skip(100);
        vm.expectEmit(wiring.workLeases);
        emit IWorkLeases.WorkLeaseHeartbeat(leaseId, 1, uint64(block.timestamp + 120), keccak256("progress"));
        beat(leaseId);
        vm.assertEq(leases.leaseOf(leaseId).expiresAt, block.timestamp + 120);
        vm.assertEq(leases.leaseOf(leaseId).seq, 1);
    }

    function test_The_delivery_bounds_the_lease() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        uint64 deliverBy = market.taskOf(taskId).deliverBy;
        while (leases.leaseOf(leaseId).expiresAt < deliverBy) {
            vm.warp(leases.leaseOf(leaseId).expiresAt - 1);
            beat(leaseId);
        }
        vm.assertEq(leases.leaseOf(leaseId).expiresAt, deliverBy);
        vm.warp(deliverBy);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, deliverBy, block.timestamp));
        beat(leaseId);
    }

    function test_No_heartbeat_after_expiry_by_strangers_or_on_nothing() public {
        (, uint256 leaseId) = running(PRICE);
        uint64 expiresAt = leases.leaseOf(leaseId).expiresAt;
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], address(this)));
        leases.heartbeat(leaseId, 0);
        skip(120);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, expiresAt, block.timestamp));
        beat(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IWorkLeases.UnknownLease.selector, 9));
        beat(9);
    }

    function test_A_beat_in_a_shifted_time_never_shortens_the_lease() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        uint64 deliverBy = market.taskOf(taskId).deliverBy;
        while (leases.leaseOf(leaseId).expiresAt < deliverBy) {
            vm.warp(leases.leaseOf(leaseId).expiresAt - 1);
            beat(leaseId);
        }
        vm.prank(guardian);
        Breaker(wiring.breaker).trip("workLeases", 2, 1 hours, "test");
        vm.warp(deliverBy + 10);
        beat(leaseId);
        vm.assertEq(leases.leaseOf(leaseId).expiresAt, deliverBy);
    }
}
