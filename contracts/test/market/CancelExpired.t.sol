// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Endings, ITaskMarket, Mode, TaskState, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
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

    function test_A_task_whose_best_bid_no_longer_fits_is_over() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, PRICE);
        uint64 last = market.taskOf(taskId).expiresAt - 900 - 1 days;
        vm.warp(last);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, last + 1, last));
        market.cancelExpired(taskId);
        skip(1);
        market.cancelExpired(taskId);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
        vm.assertEq(creditOf(client), 10 * PRICE);
    }

    function test_After_the_last_round_the_escrow_goes_home_at_once() public {
        setParam(Keys.MAX_ROUNDS, 1);
        uint256 taskId = create(Mode.OPEN);
        skip(900);
        market.cancelExpired(taskId);
        vm.assertEq(creditOf(client), 10 * PRICE);
    }

    function test_A_direct_task_ends_with_its_agent() public {
        uint256 taskId = create(Mode.DIRECT);
        bidAs(0, taskId, PRICE);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        market.cancelExpired(taskId);
        vm.assertEq(creditOf(client), 10 * PRICE);
    }

    function test_Work_in_time_is_not_expired() public {
        (uint256 taskId,) = running(PRICE);
        uint64 deliverBy = market.taskOf(taskId).deliverBy;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, deliverBy, block.timestamp));
        market.cancelExpired(taskId);
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
        uint64 revealEnd = market.taskOf(taskId).revealEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, revealEnd, block.timestamp));
        market.cancelExpired(taskId);
        skip(900);
        // A second round of 1,800 s, a match within 900 s and the winner's time must fit before the expiry.
        uint64 from = market.taskOf(taskId).expiresAt - 1_800 - 900 - 900 - 1 days + 1;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, from, block.timestamp));
        market.cancelExpired(taskId);
        vm.warp(from);
        market.cancelExpired(taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.UnknownTask.selector, 9));
        market.cancelExpired(9);
    }
}
