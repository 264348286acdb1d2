// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract SetBudgetTest is JobsCase {
    function test_Client_and_provider_agree_on_a_price() public {
        uint256 jobId = opened();
        vm.expectEmit(wiring.jobs);
        emit IJobs.BudgetSet(jobId, 5);
        vm.prank(provider);
        jobs.setBudget(jobId, 5, "any");
        vm.assertEq(jobs.getJob(jobId).budget, 5);
        vm.prank(buyer);
        jobs.setBudget(jobId, 6);
        vm.assertEq(jobs.getJob(jobId).budget, 6);
    }

    function test_Nobody_else_has_a_say() public {
        uint256 jobId = opened();
        expectUnauthorized(jobId, evaluator);
        jobs.setBudget(jobId, 5);
    }

    function test_No_budget_is_larger_than_any_price() public {
        uint256 jobId = opened();
        uint256 largest = type(uint128).max;
        vm.startPrank(buyer);
        jobs.setBudget(jobId, largest);
        vm.assertEq(jobs.getJob(jobId).budget, largest);
        vm.expectRevert(abi.encodeWithSelector(IJobs.BudgetTooLarge.selector, jobId, largest + 1));
        jobs.setBudget(jobId, largest + 1);
        vm.stopPrank();
    }

    function test_A_funded_job_keeps_its_price() public {
        uint256 jobId = funded();
        expectWrongStatus(jobId, JobStatus.Funded);
        vm.prank(provider);
        jobs.setBudget(jobId, 5);
    }
}
