// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Endings, ITaskMarket, Mode, TaskState, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract CancelExpiredTest is Market {
    function test_An_unmatched_task_expires() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, PRICE);
        uint256 before = creditOf(client);
        skip(10 days);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskCancelled(taskId, Endings.EXPIRED);
        market.cancelExpired(taskId);
        vm.assertEq(creditOf(client), before + PRICE);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
    }

    function test_A_matched_and_a_running_task_expire_with_their_penalty() public {
        uint256 taskId = matched(PRICE);
        (uint256 other, uint256 leaseId) = running(PRICE);
        skip(10 days);
        market.cancelExpired(taskId);
        vm.assertTrue(market.hasFailed(taskId, agents[0]));
        vm.assertEq(balance(Accounts.BURN), 24 * CREDITS);
        market.cancelExpired(other);
        vm.assertEq(leases.leaseOf(leaseId).cause, 3);
        vm.assertEq(balance(Accounts.BURN), 72 * CREDITS);
        vm.assertEq(balance(Accounts.task(taskId)) + balance(Accounts.task(other)), 0);
        vm.assertEq(creditOf(client), 10 * PRICE + 48 * CREDITS);
    }

    function test_Submitted_work_never_expires() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        skip(10 days);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.VERIFYING));
        market.cancelExpired(taskId);
        market.finalize(taskId);
        assertState(taskId, TaskState.FINALIZED);
    }

    function test_Early_and_unknown_are_refused() public {
        uint256 taskId = create(Mode.OPEN);
        uint64 expiresAt = market.taskOf(taskId).expiresAt;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, expiresAt, block.timestamp));
        market.cancelExpired(taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.UnknownTask.selector, 9));
        market.cancelExpired(9);
    }
}
