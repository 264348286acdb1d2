// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { ITaskMarket, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract RejectTest is JobsCase {
    function test_The_client_rejects_an_open_job() public {
        uint256 jobId = opened();
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobRejected(jobId, buyer, REASON);
        vm.prank(buyer);
        jobs.reject(jobId, REASON, "any");
        assertStatus(jobId, JobStatus.Rejected);
    }

    function test_The_evaluator_rejects_a_funded_job_that_nobody_has_begun() public {
        uint256 jobId = funded();
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobRejected(jobId, evaluator, REASON);
        vm.expectEmit(wiring.jobs);
        emit IJobs.Refunded(jobId, buyer, BUDGET);
        vm.prank(evaluator);
        jobs.reject(jobId, REASON);
        assertStatus(jobId, JobStatus.Rejected);
        vm.assertEq(creditOf(buyer), BUDGET);
    }

    function test_An_agent_that_has_bound_itself_may_finish() public {
        uint256 jobId = funded();
        bidAs(0, taskOf(jobId), BUDGET);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, 1, TaskState.MATCHED));
        vm.prank(evaluator);
        jobs.reject(jobId, REASON);
    }

    function test_Rejecting_delivered_work_opens_a_dispute_at_the_clients_cost() public {
        uint256 jobId = submitted();
        fund(buyer, 50 * CREDITS);
        bytes32 subject = Accounts.task(taskOf(jobId));
        uint64 evidenceEnd = uint64(block.timestamp + 4 hours);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.DisputeOpened(1, subject, 0, agents[0], 3, REASON, evidenceEnd);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobContested(jobId, 1, evaluator, REASON);
        vm.prank(evaluator);
        jobs.reject(jobId, REASON);
        assertStatus(jobId, JobStatus.Submitted);
        vm.assertEq(uint256(market.stateOf(taskOf(jobId))), uint256(TaskState.DISPUTED));
        vm.assertEq(50 * CREDITS - creditOf(buyer), 18 * CREDITS, "B of poor quality: 1.5 times half of the bond");
    }

    function test_The_court_refunds_what_it_upholds() public {
        uint256 jobId = submitted();
        fund(buyer, 50 * CREDITS);
        vm.prank(evaluator);
        jobs.reject(jobId, REASON);
        tell(taskOf(jobId), 3, 1, 2);
        assertStatus(jobId, JobStatus.Rejected);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobRejected(jobId, wiring.disputes, 0);
        vm.expectEmit(wiring.jobs);
        emit IJobs.Refunded(jobId, buyer, BUDGET);
        jobs.syncJob(jobId);
    }

    function test_Nobody_else_rejects() public {
        uint256 open = opened();
        expectUnauthorized(open, evaluator);
        jobs.reject(open, REASON);
        uint256 jobId = funded();
        expectUnauthorized(jobId, buyer);
        jobs.reject(jobId, REASON);
        vm.prank(evaluator);
        jobs.reject(jobId, REASON);
        expectWrongStatus(jobId, JobStatus.Rejected);
        vm.prank(evaluator);
        jobs.reject(jobId, REASON);
    }
}
