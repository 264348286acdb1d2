// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract CompleteTest is JobsCase {
    function test_The_evaluator_pays_the_provider() public {
        uint256 jobId = submitted();
        uint256 wealth = creditOf(provider);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobCompleted(jobId, evaluator, REASON);
        vm.expectEmit(wiring.jobs);
        emit IJobs.PaymentReleased(jobId, provider, 99 * CREDITS);
        vm.prank(evaluator);
        jobs.complete(jobId, REASON, "any");
        assertStatus(jobId, JobStatus.Completed);
        vm.assertEq(creditOf(provider) - wealth, 99 * CREDITS);
        vm.assertEq(uint256(market.stateOf(taskOf(jobId))), uint256(TaskState.FINALIZED));
        vm.assertEq(reputation.completionsOf(agents[0], buyer), 1);
    }

    function test_What_a_lower_bid_leaves_goes_back_to_the_client() public {
        uint256 jobId = funded();
        bidAs(0, taskOf(jobId), 80 * CREDITS);
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        vm.expectEmit(wiring.jobs);
        emit IJobs.PaymentReleased(jobId, provider, 79.2e18);
        vm.expectEmit(wiring.jobs);
        emit IJobs.Refunded(jobId, buyer, 20 * CREDITS);
        vm.prank(evaluator);
        jobs.complete(jobId, 0);
        vm.assertEq(creditOf(buyer), 20 * CREDITS);
    }

    function test_The_client_may_be_the_evaluator() public {
        uint256 jobId = fundedWith(buyer, address(0));
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        vm.prank(buyer);
        jobs.complete(jobId, 0);
        assertStatus(jobId, JobStatus.Completed);
    }

    function test_Only_the_evaluator_completes_and_only_what_was_submitted() public {
        uint256 jobId = submitted();
        expectUnauthorized(jobId, buyer);
        jobs.complete(jobId, REASON);
        expectUnauthorized(jobId, provider);
        jobs.complete(jobId, REASON);
        uint256 other = funded();
        expectWrongStatus(other, JobStatus.Funded);
        vm.prank(evaluator);
        jobs.complete(other, REASON);
    }

    function test_A_job_completes_once() public {
        uint256 jobId = submitted();
        vm.startPrank(evaluator);
        jobs.complete(jobId, REASON);
        expectWrongStatus(jobId, JobStatus.Completed);
        jobs.complete(jobId, REASON);
        vm.stopPrank();
    }
}
