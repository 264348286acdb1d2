// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { ITaskMarket, Mode, Task, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract FundTest is JobsCase {
    function test_A_funded_job_is_a_direct_task_of_its_client() public {
        uint256 jobId = opened();
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobFunded(jobId, buyer, BUDGET);
        vm.expectEmit(wiring.jobs);
        emit IJobs.JobLinked(jobId, 1, agents[0], false);
        vm.prank(buyer);
        jobs.fund(jobId, BUDGET, "any");
        assertStatus(jobId, JobStatus.Funded);
        (uint256 taskId, uint256 agentId) = jobs.taskOf(jobId);
        vm.assertEq(taskId, 1);
        vm.assertEq(agentId, agents[0]);
        vm.assertEq(jobs.jobOf(taskId), jobId);
        Task memory task = market.taskOf(taskId);
        vm.assertEq(task.client, buyer);
        vm.assertEq(uint256(task.mode), uint256(Mode.DIRECT));
        vm.assertEq(uint256(task.named), agents[0]);
        vm.assertEq(uint256(task.maxPrice), BUDGET);
        vm.assertEq(uint256(task.agentBond), 24 * CREDITS);
        vm.assertEq(task.specHash, keccak256("translate a page"));
        vm.assertEq(balance(Accounts.task(taskId)), BUDGET);
    }

    function test_The_budget_comes_from_the_vault_first_and_then_from_the_wallet() public {
        fund(buyer, 30 * CREDITS);
        uint256 wallet = credit.balanceOf(buyer);
        funded();
        vm.assertEq(wallet - credit.balanceOf(buyer), 70 * CREDITS);
        vm.assertEq(creditOf(buyer), 0);
        vm.assertEq(credit.balanceOf(wiring.jobs), 0);
        vm.assertEq(credit.allowance(wiring.jobs, wiring.vault), 0);
        fund(buyer, 2 * BUDGET);
        wallet = credit.balanceOf(buyer);
        funded();
        vm.assertEq(credit.balanceOf(buyer), wallet);
        vm.assertEq(creditOf(buyer), BUDGET);
    }

    function test_Nobody_is_surprised_by_another_price() public {
        uint256 jobId = opened();
        vm.prank(provider);
        jobs.setBudget(jobId, 2 * BUDGET);
        vm.expectRevert(abi.encodeWithSelector(IJobs.BudgetMismatch.selector, jobId, BUDGET, 2 * BUDGET));
        vm.prank(buyer);
        jobs.fund(jobId, BUDGET);
    }

    function test_A_job_needs_client_budget_provider_and_agent() public {
        vm.startPrank(buyer);
        uint256 jobId = jobs.createJob(address(0), evaluator, block.timestamp + 1 days, "", address(0));
        vm.expectRevert(abi.encodeWithSelector(IJobs.ZeroBudget.selector, jobId));
        jobs.fund(jobId, 0);
        jobs.setBudget(jobId, BUDGET);
        vm.expectRevert(abi.encodeWithSelector(IJobs.ProviderNotSet.selector, jobId));
        jobs.fund(jobId, BUDGET);
        jobs.setProvider(jobId, owners[1]);
        vm.expectRevert(abi.encodeWithSelector(IJobs.ProviderWithoutAgent.selector, owners[1]));
        jobs.fund(jobId, BUDGET);
        vm.stopPrank();
        expectUnauthorized(jobId, provider);
        jobs.fund(jobId, BUDGET);
    }

    function test_A_job_is_funded_once() public {
        uint256 jobId = funded();
        expectWrongStatus(jobId, JobStatus.Funded);
        vm.prank(buyer);
        jobs.fund(jobId, BUDGET);
    }

    function test_The_client_of_a_funded_job_cannot_cancel_its_task_at_the_market() public {
        uint256 taskId = taskOf(funded());
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, buyer));
        vm.prank(buyer);
        market.cancel(taskId);
        vm.assertEq(uint256(market.stateOf(taskId)), uint256(TaskState.BIDDING));
    }

    function test_Its_own_agent_is_no_provider() public {
        vm.prank(owners[0]);
        uint256 jobId = jobs.createJob(provider, evaluator, block.timestamp + 1 days, "", address(0));
        fund(owners[0], BUDGET);
        vm.startPrank(owners[0]);
        jobs.setBudget(jobId, BUDGET);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.OwnTask.selector, 1, owners[0]));
        jobs.fund(jobId, BUDGET);
        vm.stopPrank();
    }
}
