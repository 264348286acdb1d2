// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IWorkLeases } from "../../src/interfaces/IWorkLeases.sol";
import { ITaskMarket, Mode, Task, TaskState, Vacancy, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract ReopenTest is Market {
    function test_A_round_without_bids_is_reopened_with_twice_the_window() public {
        uint256 taskId = create(Mode.SEALED);
        skip(1_500);
        uint64 commitEnd = uint64(block.timestamp + 1_800);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BiddingOpened(taskId, 2, Vacancy.NO_BID, commitEnd, commitEnd + 600);
        market.reopen(taskId);
        Task memory task = market.taskOf(taskId);
        vm.assertEq(task.round, 2);
        vm.assertEq(task.commitEnd, commitEnd);
        vm.assertEq(task.revealEnd, commitEnd + 600);
    }

    function test_A_late_starter_is_replaced() public {
        uint256 taskId = matched(PRICE);
        skip(900);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, Vacancy.NOT_STARTED);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BiddingOpened(
            taskId, 2, Vacancy.NOT_STARTED, uint64(block.timestamp + 1_800), uint64(block.timestamp + 1_800)
        );
        market.reopen(taskId);
        vm.assertTrue(market.hasFailed(taskId, agents[0]));
        vm.assertEq(market.taskOf(taskId).agentId, 0);
    }

    function test_A_missed_delivery_releases_the_lease() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        vm.warp(market.taskOf(taskId).deliverBy);
        vm.expectEmit(wiring.workLeases);
        emit IWorkLeases.WorkLeaseEnded(leaseId, 3);
        market.reopen(taskId);
        assertState(taskId, TaskState.BIDDING);
        vm.assertEq(leases.liveLeaseOf(taskId), 0);
    }

    function test_A_vacant_task_is_reopened_with_its_cause() public {
        uint256 taskId = matched(PRICE);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BiddingOpened(
            taskId, 2, Vacancy.YIELDED, uint64(block.timestamp + 1_800), uint64(block.timestamp + 1_800)
        );
        market.reopen(taskId);
    }

    function test_Nothing_is_reopened_before_its_deadline() public {
        uint256 taskId = create(Mode.OPEN);
        uint64 end = uint64(block.timestamp + 900);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, block.timestamp));
        market.reopen(taskId);
        taskId = matched(PRICE);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, block.timestamp));
        market.reopen(taskId);
        startAs(0, taskId);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end + 1 days, block.timestamp));
        market.reopen(taskId);
    }

    function test_A_round_with_bids_is_matched_not_reopened() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, PRICE);
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.BidsStand.selector, taskId));
        market.reopen(taskId);
    }

    function test_The_last_round_is_the_last() public {
        setParam(Keys.MAX_ROUNDS, 2);
        uint256 taskId = create(Mode.OPEN);
        skip(900);
        market.reopen(taskId);
        skip(1_800);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.LastRound.selector, taskId, 2));
        market.reopen(taskId);
    }

    function test_A_round_that_would_not_fit_is_refused() public {
        uint256 taskId = create(Mode.OPEN);
        uint64 expiresAt = market.taskOf(taskId).expiresAt;
        vm.warp(expiresAt - 1 days - 900 - 900 - 1_800 + 1);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.NoTimeLeft.selector, taskId, expiresAt, expiresAt + 1));
        market.reopen(taskId);
        vm.warp(block.timestamp - 1);
        market.reopen(taskId);
    }

    function test_A_direct_task_has_no_successor_but_more_time() public {
        uint256 taskId = create(Mode.DIRECT);
        skip(900);
        market.reopen(taskId);
        bidAs(0, taskId, PRICE);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.FailedBefore.selector, taskId, agents[0]));
        market.reopen(taskId);
    }

    function test_Unknown_and_finished_tasks_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.UnknownTask.selector, 9));
        market.reopen(9);
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.VERIFYING));
        market.reopen(taskId);
    }
}
