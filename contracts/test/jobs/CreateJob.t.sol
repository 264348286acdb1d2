// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, Job, JobStatus } from "../../src/interfaces/IJobs.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract CreateJobTest is JobsCase {
    function test_A_job_is_open_and_has_no_money() public {
        uint256 expiredAt = block.timestamp + 10 days;
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobCreated(1, buyer, provider, evaluator, expiredAt, address(0));
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobDescribed(1, "translate a page");
        vm.prank(buyer);
        uint256 jobId = jobs.createJob(provider, evaluator, expiredAt, "translate a page", address(0));
        vm.assertEq(jobId, 1);
        vm.assertEq(jobs.jobCounter(), 1);
        vm.assertEq(jobs.paymentToken(), wiring.credit);
        Job memory job = jobs.getJob(1);
        vm.assertEq(job.id, 1);
        vm.assertEq(job.client, buyer);
        vm.assertEq(job.provider, provider);
        vm.assertEq(job.evaluator, evaluator);
        vm.assertEq(job.description, "translate a page");
        vm.assertEq(job.budget, 0);
        vm.assertEq(job.expiredAt, expiredAt);
        vm.assertEq(job.hook, address(0));
        assertStatus(1, JobStatus.Open);
        vm.assertEq(taskOf(1), 0);
    }

    function test_Every_job_has_an_evaluator() public {
        vm.expectRevert(IJobs.ZeroAddress.selector);
        jobs.createJob(provider, address(0), block.timestamp + 1 days, "", address(0));
    }

    function test_A_job_expires_in_the_future_and_within_ninety_days() public {
        uint256 earliest = block.timestamp + 1;
        uint256 latest = block.timestamp + 90 days;
        bytes4 refusal = IJobs.ExpiryOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(refusal, block.timestamp, earliest, latest));
        jobs.createJob(provider, evaluator, block.timestamp, "", address(0));
        vm.expectRevert(abi.encodeWithSelector(refusal, latest + 1, earliest, latest));
        jobs.createJob(provider, evaluator, latest + 1, "", address(0));
        jobs.createJob(provider, evaluator, latest, "", address(0));
    }

    function test_A_hook_has_code() public {
        vm.expectRevert(abi.encodeWithSelector(IJobs.HookWithoutCode.selector, address(9)));
        jobs.createJob(provider, evaluator, block.timestamp + 1 days, "", address(9));
    }

    function test_An_unknown_job_has_no_answer() public {
        vm.expectRevert(abi.encodeWithSelector(IJobs.UnknownJob.selector, 7));
        jobs.getJob(7);
    }
}
