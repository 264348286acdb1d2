// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract ClaimRefundTest is JobsCase {
    function test_Anyone_gives_the_budget_back_once_the_job_has_expired() public {
        uint256 jobId = funded();
        skip(10 days);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobExpired(jobId);
        vm.expectEmit(wiring.jobs);
        emit IJobs.Refunded(jobId, buyer, BUDGET);
        vm.prank(person("anyone"));
        jobs.claimRefund(jobId);
        assertStatus(jobId, JobStatus.Expired);
        vm.assertEq(creditOf(buyer), BUDGET);
        expectWrongStatus(jobId, JobStatus.Expired);
        jobs.claimRefund(jobId);
    }

    function test_Not_before() public {
        uint256 jobId = funded();
        uint256 expiredAt = jobs.getJob(jobId).expiredAt;
        vm.warp(expiredAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IJobs.NotExpired.selector, jobId, expiredAt));
        jobs.claimRefund(jobId);
    }

    function test_A_tripped_market_moves_the_expiry() public {
        uint256 jobId = funded();
        skip(10 days - 1);
        vm.prank(guardian);
        IBreaker(wiring.breaker).trip("taskMarket", 2, 1 hours, "why");
        skip(1 hours);
        vm.expectPartialRevert(IJobs.NotExpired.selector);
        jobs.claimRefund(jobId);
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        assertStatus(jobId, JobStatus.Submitted);
    }

    function test_Delivered_work_is_paid_by_silence() public {
        uint256 jobId = submitted();
        skip(10 days);
        vm.expectRevert(abi.encodeWithSelector(IJobs.WorkIsSubmitted.selector, jobId));
        jobs.claimRefund(jobId);
        market.finalize(taskOf(jobId));
        assertStatus(jobId, JobStatus.Completed);
    }

    function test_An_agent_that_bound_itself_has_until_its_own_deadline() public {
        uint256 jobId = funded();
        skip(9 days);
        bidAs(0, taskOf(jobId), BUDGET);
        startAs(0, taskOf(jobId));
        skip(1 days);
        vm.expectPartialRevert(Module.TooEarly.selector);
        jobs.claimRefund(jobId);
        skip(10 days);
        jobs.claimRefund(jobId);
        assertStatus(jobId, JobStatus.Expired);
        vm.assertGt(creditOf(buyer), BUDGET, "with the agent's penalty");
    }

    function test_An_open_job_has_nothing_to_give_back() public {
        uint256 jobId = opened();
        skip(10 days);
        expectWrongStatus(jobId, JobStatus.Open);
        jobs.claimRefund(jobId);
    }
}
