// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IWorkLeases } from "../../src/interfaces/IWorkLeases.sol";
import { ITaskMarket, Mode, Task, TaskState, Terms, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract SubmitTest is Market {
    function test_A_delivery_starts_the_review_and_completes_the_lease() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskSubmitted(
            taskId, agents[0], RESULT, RECEIPT, "ipfs://result", uint64(block.timestamp + 2 hours)
        );
        vm.expectEmit(wiring.workLeases);
        emit IWorkLeases.WorkLeaseEnded(leaseId, 1);
        submitAs(0, taskId);
        Task memory task = market.taskOf(taskId);
        vm.assertEq(task.resultHash, RESULT);
        vm.assertEq(task.receiptHash, RECEIPT);
        vm.assertEq(task.reviewEnd, block.timestamp + 2 hours);
        vm.assertEq(task.challengeEnd, block.timestamp + 2 hours);
        (uint256 agentId, bytes32 specHash, bytes32 resultHash, bytes32 receiptHash) = market.resultOf(taskId);
        vm.assertEq(agentId, agents[0]);
        vm.assertEq(specHash, keccak256("spec"));
        vm.assertEq(resultHash, RESULT);
        vm.assertEq(receiptHash, RECEIPT);
    }

    function test_The_same_delivery_again_does_nothing() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        uint64 reviewEnd = market.taskOf(taskId).reviewEnd;
        skip(10);
        vm.recordLogs();
        submitAs(0, taskId);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(market.taskOf(taskId).reviewEnd, reviewEnd);
        skip(2 hours);
        market.finalize(taskId);
        submitAs(0, taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.FINALIZED));
        vm.prank(owners[0]);
        market.submit(taskId, keccak256("other"), RECEIPT, "");
    }

    function test_Late_work_counts_until_somebody_has_ended_it() public {
        (uint256 taskId,) = running(PRICE);
        skip(3 days);
        submitAs(0, taskId);
        assertState(taskId, TaskState.VERIFYING);
    }

    function test_Strangers_unstarted_and_expired_tasks_are_refused() public {
        uint256 taskId = matched(PRICE);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.MATCHED));
        submitAs(0, taskId);
        startAs(0, taskId);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        submitAs(1, taskId);
        uint64 expiresAt = market.taskOf(taskId).expiresAt;
        vm.warp(expiresAt);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, expiresAt, block.timestamp));
        submitAs(0, taskId);
    }

    function test_An_optimistic_review_lasts_at_least_the_challenge_window() public {
        Terms memory t = terms(Mode.OPEN);
        t.verification = uint8(Verification.OPTIMISTIC);
        t.challengeWindow = 1 days;
        uint256 taskId = matched(t, PRICE);
        startAs(0, taskId);
        submitAs(0, taskId);
        vm.assertEq(market.taskOf(taskId).reviewEnd, block.timestamp + 1 days);
    }
}
