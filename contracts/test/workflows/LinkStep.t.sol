// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkflows, Step } from "../../src/interfaces/IWorkflows.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { WorkflowsCase } from "./WorkflowsCase.sol";

contract LinkStepTest is WorkflowsCase {
    function test_Linking_moves_the_escrow_out_of_the_budget() public {
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowStepLinked(id, 1, 2, 0);
        vm.assertEq(link(2, 0), 1);
        vm.assertEq(workflows.budgetOf(id), 4_000 * CREDITS);
        vm.assertEq(balance(Accounts.task(1)), 1_000 * CREDITS);
        vm.assertEq(market.taskOf(1).client, client);
        Step memory step = workflows.stepOf(id, 2);
        vm.assertEq(uint256(step.taskId), 1);
        vm.assertEq(uint256(step.version), 1);
        vm.assertEq(step.dependsOn, 0);
    }

    function test_A_step_opens_once_what_it_depends_on_is_finalized() public {
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.DependencyOpen.selector, id, 1, 0));
        link(1, 1);
        uint256 taskId = link(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.DependencyOpen.selector, id, 1, 0));
        link(1, 1);
        finish(taskId, 800 * CREDITS);
        // The difference of the price came back into the budget.
        vm.assertEq(workflows.budgetOf(id), 4_200 * CREDITS);
        link(1, 1);
        vm.assertEq(workflows.stepOf(id, 1).dependsOn, 1);
    }

    function test_Linking_refuses_strangers_unknown_linked_and_late_steps() public {
        Terms memory asked = taskTerms();
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.OnlyClient.selector, id, watcher));
        vm.prank(watcher);
        workflows.linkStep(id, 0, 0, 0, asked);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 3));
        link(3, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 0));
        link(0, 1);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 3));
        link(0, 8);
        uint256 taskId = link(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepIsLinked.selector, id, 0, taskId));
        link(0, 0);
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, deadline, deadline));
        link(1, 0);
    }

    function test_A_budget_that_is_used_up_opens_no_step() public {
        vm.prank(client);
        id = workflows.create(999 * CREDITS, "graph", 3, deadline, "uri");
        Terms memory asked = taskTerms();
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        vm.prank(client);
        workflows.linkStep(id, 0, 0, 0, asked);
    }
}
