// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Vacancy } from "../../src/interfaces/ITaskMarket.sol";
import { IWorkLeases } from "../../src/interfaces/IWorkLeases.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract ExpireTest is Market {
    function test_Anyone_ends_a_lapsed_lease_after_its_grace() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        skip(150);
        vm.expectEmit(wiring.workLeases);
        emit IWorkLeases.WorkLeaseEnded(leaseId, 4);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, Vacancy.LAPSED);
        leases.expire(leaseId);
        vm.assertEq(creditOf(client), 9 * PRICE + 30 * CREDITS);
        vm.assertEq(balance(Accounts.BURN), 30 * CREDITS);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), -20e6);
        market.reopen(taskId);
    }

    function test_Within_the_grace_it_lives() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        uint64 end = leases.leaseOf(leaseId).expiresAt + 30;
        skip(149);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, block.timestamp));
        leases.expire(leaseId);
        submitAs(0, taskId);
    }

    function test_A_lease_that_is_ended_after_the_delivery_date_has_missed_it() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        vm.warp(market.taskOf(taskId).deliverBy);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, Vacancy.MISSED);
        leases.expire(leaseId);
        vm.assertEq(balance(Accounts.BURN), 48 * CREDITS);
    }
}
