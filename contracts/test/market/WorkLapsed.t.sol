// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, TaskState, Vacancy } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract WorkLapsedTest is Market {
    function test_Before_the_delivery_date_the_lease_has_lapsed() public {
        (uint256 taskId,) = running(PRICE);
        lapse(taskId, Vacancy.LAPSED, 30 * CREDITS);
    }

    function test_From_the_delivery_date_on_the_delivery_is_missed() public {
        (uint256 taskId,) = running(PRICE);
        vm.warp(market.taskOf(taskId).deliverBy - 1);
        uint256 before = vm.snapshotState();
        // A yield would cost 79.99 % of b by then, and a lapse costs no less.
        lapse(taskId, Vacancy.LAPSED, 47.994e18);
        vm.revertToState(before);
        skip(1);
        lapse(taskId, Vacancy.MISSED, 48 * CREDITS);
    }

    function test_Only_the_leases_tell_of_it() public {
        (uint256 taskId,) = running(PRICE);
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, owners[0]));
        vm.prank(owners[0]);
        market.workLapsed(taskId);
    }

    /// @dev Half of the penalty is the client's, half burns.
    function lapse(uint256 taskId, uint8 cause, uint256 half) private {
        uint256 had = creditOf(client);
        uint256 burnt = balance(Accounts.BURN);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, cause);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(pledgeOf(taskId), Accounts.credit(client), bytes32(taskId), half, Reasons.PENALTY_CLIENT);
        vm.prank(wiring.workLeases);
        market.workLapsed(taskId);
        assertState(taskId, TaskState.VACANT);
        vm.assertEq(market.taskOf(taskId).cause, cause);
        vm.assertEq(market.taskOf(taskId).agentId, 0);
        vm.assertEq(creditOf(client), had + half);
        vm.assertEq(balance(Accounts.BURN), burnt + half);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS - 2 * half);
        vm.assertEq(registry.locksOf(agents[0]), 0);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), -20e6);
    }
}
