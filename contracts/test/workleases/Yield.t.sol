// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Vacancy } from "../../src/interfaces/ITaskMarket.sol";
import { IWorkLeases } from "../../src/interfaces/IWorkLeases.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract YieldTest is Market {
    function test_A_running_agent_gives_back_and_burns_a_tenth_of_b() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        vm.expectEmit(wiring.workLeases);
        emit IWorkLeases.WorkLeaseEnded(leaseId, 2);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, Vacancy.YIELDED);
        vm.prank(owners[0]);
        leases.yield(leaseId);
        vm.assertEq(balance(Accounts.BURN), 12 * CREDITS);
        vm.assertEq(leases.liveLeaseOf(taskId), 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkLeases.LeaseNotLive.selector, leaseId, 2));
        vm.prank(owners[0]);
        leases.yield(leaseId);
    }

    function test_A_lapsed_lease_cannot_be_given_back() public {
        (, uint256 leaseId) = running(PRICE);
        uint64 expiresAt = leases.leaseOf(leaseId).expiresAt;
        skip(120);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, expiresAt, block.timestamp));
        vm.prank(owners[0]);
        leases.yield(leaseId);
    }
}
