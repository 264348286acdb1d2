// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { ITaskMarket, Task, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract SubmitTest is JobsCase {
    function test_One_call_bids_starts_and_delivers() public {
        uint256 jobId = funded();
        uint256 taskId = taskOf(jobId);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobSubmitted(jobId, provider, RESULT);
        vm.prank(provider);
        jobs.submit(jobId, RESULT, "any");
        assertStatus(jobId, JobStatus.Submitted);
        Task memory task = market.taskOf(taskId);
        vm.assertEq(uint256(task.state), uint256(TaskState.VERIFYING));
        vm.assertEq(task.resultHash, RESULT);
        vm.assertEq(uint256(task.agentId), agents[0]);
        vm.assertEq(uint256(task.price), BUDGET);
        vm.assertEq(balance(pledgeOf(taskId)), 24 * CREDITS, "the agent answers for its work");
    }

    function test_An_agent_may_bind_itself_at_the_market_first() public {
        uint256 jobId = funded();
        uint256 taskId = taskOf(jobId);
        bidAs(0, taskId, 80 * CREDITS);
        startAs(0, taskId);
        assertStatus(jobId, JobStatus.Funded);
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        assertStatus(jobId, JobStatus.Submitted);
        vm.assertEq(uint256(market.taskOf(taskId).price), 80 * CREDITS);
    }

    function test_A_matched_agent_starts_and_delivers() public {
        uint256 jobId = funded();
        bidAs(0, taskOf(jobId), BUDGET);
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        assertStatus(jobId, JobStatus.Submitted);
    }

    function test_A_job_is_delivered_until_it_expires() public {
        uint256 jobId = funded();
        vm.warp(jobs.getJob(jobId).expiredAt - 1);
        uint256 snapshot = vm.snapshotState();
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        assertStatus(jobId, JobStatus.Submitted);
        vm.revertToState(snapshot);
        skip(1);
        vm.expectPartialRevert(Module.TooLate.selector);
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
    }

    function test_Only_the_provider_delivers_and_only_a_funded_job() public {
        uint256 jobId = funded();
        expectUnauthorized(jobId, buyer);
        jobs.submit(jobId, RESULT);
        uint256 open = opened();
        expectWrongStatus(open, JobStatus.Open);
        vm.prank(provider);
        jobs.submit(open, RESULT);
    }

    function test_A_provider_without_its_agent_cannot_deliver() public {
        uint256 jobId = funded();
        vm.prank(provider);
        registry.transferFrom(provider, person("new owner"), agents[0]);
        vm.expectRevert();
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        vm.assertEq(uint256(market.stateOf(taskOf(jobId))), uint256(TaskState.BIDDING));
    }

    function test_Work_delivered_at_the_market_is_submitted() public {
        uint256 jobId = funded();
        uint256 taskId = taskOf(jobId);
        bidAs(0, taskId, BUDGET);
        startAs(0, taskId);
        submitAs(0, taskId);
        assertStatus(jobId, JobStatus.Submitted);
        expectWrongStatus(jobId, JobStatus.Submitted);
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
    }
}
