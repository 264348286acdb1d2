// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { vm, Vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract SyncJobTest is JobsCase {
    function test_What_happened_at_the_market_is_said_once() public {
        uint256 jobId = funded();
        uint256 taskId = taskOf(jobId);
        bidAs(0, taskId, BUDGET);
        startAs(0, taskId);
        submitAs(0, taskId);
        skip(1 days);
        market.finalize(taskId);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobSubmitted(jobId, provider, RESULT);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobCompleted(jobId, evaluator, 0);
        vm.expectEmit(wiring.jobs);
        emit IJobs.PaymentReleased(jobId, provider, 99 * CREDITS);
        jobs.syncJob(jobId);
        vm.recordLogs();
        jobs.syncJob(jobId);
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_A_split_pays_half_and_refunds_half() public {
        uint256 jobId = submitted();
        fund(buyer, 50 * CREDITS);
        vm.prank(evaluator);
        jobs.reject(jobId, REASON);
        tell(taskOf(jobId), 3, 1, 3);
        vm.expectEmit(wiring.jobs);
        emit IJobs.PaymentReleased(jobId, provider, 49.5e18);
        vm.expectEmit(wiring.jobs);
        emit IJobs.Refunded(jobId, buyer, 50 * CREDITS);
        jobs.syncJob(jobId);
        assertStatus(jobId, JobStatus.Completed);
    }

    function test_An_expired_task_is_an_expired_job() public {
        uint256 jobId = funded();
        skip(40 days);
        market.cancelExpired(taskOf(jobId));
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobExpired(jobId);
        jobs.syncJob(jobId);
    }

    function test_A_job_without_a_task_has_nothing_to_say() public {
        uint256 jobId = opened();
        expectWrongStatus(jobId, JobStatus.Open);
        jobs.syncJob(jobId);
    }
}
