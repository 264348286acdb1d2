// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Task, TaskState, Vacancy } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract WorkYieldedTest is Market {
    function test_The_task_is_vacant_and_a_twentieth_of_the_pledge_burns() public {
        (uint256 taskId,) = running(PRICE);
        uint256 had = creditOf(client);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, Vacancy.YIELDED);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(pledgeOf(taskId), Accounts.BURN, bytes32(taskId), 12 * CREDITS, Reasons.PENALTY_BURN);
        vm.prank(wiring.workLeases);
        market.workYielded(taskId);
        Task memory task = market.taskOf(taskId);
        assertState(taskId, TaskState.VACANT);
        vm.assertEq(task.cause, Vacancy.YIELDED);
        vm.assertEq(task.agentId, 0);
        vm.assertEq(task.bidId, 0);
        vm.assertEq(task.price, 0);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS - 12 * CREDITS);
        vm.assertEq(registry.locksOf(agents[0]), 0);
        // Who gives back in time costs the client nothing and itself no name.
        vm.assertEq(creditOf(client), had);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 0);
    }

    function test_Only_the_leases_tell_of_it() public {
        (uint256 taskId,) = running(PRICE);
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, owners[0]));
        vm.prank(owners[0]);
        market.workYielded(taskId);
    }
}
