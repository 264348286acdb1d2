// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, Job, JobStatus } from "../../src/interfaces/IJobs.sol";
import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract AdoptTest is JobsCase {
    function test_A_direct_task_becomes_a_job() public {
        uint256 taskId = create(Mode.DIRECT);
        uint256 expiresAt = market.taskOf(taskId).expiresAt;
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobCreated(1, client, provider, client, expiresAt, address(0));
        vm.expectEmit(wiring.jobs);
        emit IJobs.BudgetSet(1, PRICE);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobFunded(1, client, PRICE);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobLinked(1, taskId, agents[0], true);
        uint256 jobId = jobs.adopt(taskId);
        Job memory job = jobs.getJob(jobId);
        vm.assertEq(job.client, client);
        vm.assertEq(job.evaluator, client);
        vm.assertEq(job.budget, PRICE);
        assertStatus(jobId, JobStatus.Funded);
        vm.expectRevert(abi.encodeWithSelector(IJobs.TaskIsJob.selector, taskId, jobId));
        jobs.adopt(taskId);
    }

    function test_It_is_delivered_and_paid_through_the_door() public {
        uint256 jobId = jobs.adopt(create(Mode.DIRECT));
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        vm.prank(client);
        jobs.complete(jobId, REASON);
        assertStatus(jobId, JobStatus.Completed);
    }

    function test_Its_client_keeps_its_rights_at_the_market() public {
        uint256 taskId = create(Mode.DIRECT);
        uint256 jobId = jobs.adopt(taskId);
        vm.prank(client);
        market.cancel(taskId);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobRejected(jobId, client, 0);
        jobs.syncJob(jobId);
    }

    function test_What_it_has_come_to_is_told_at_once() public {
        uint256 taskId = create(Mode.DIRECT);
        bidAs(0, taskId, PRICE);
        startAs(0, taskId);
        submitAs(0, taskId);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobSubmitted(1, provider, RESULT);
        jobs.adopt(taskId);
        assertStatus(1, JobStatus.Submitted);
    }

    function test_An_agent_without_a_wallet_provides_by_its_owner() public {
        uint256 taskId = create(Mode.DIRECT);
        vm.prank(provider);
        registry.unsetAgentWallet(agents[0]);
        vm.assertEq(jobs.getJob(jobs.adopt(taskId)).provider, provider);
    }

    function test_An_auction_is_no_job() public {
        uint256 taskId = create(Mode.OPEN);
        vm.expectRevert(abi.encodeWithSelector(IJobs.NotDirect.selector, taskId));
        jobs.adopt(taskId);
        vm.expectRevert(abi.encodeWithSelector(IJobs.NotDirect.selector, 99));
        jobs.adopt(99);
    }
}
