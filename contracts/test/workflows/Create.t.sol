// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkflows, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { WorkflowsCase } from "./WorkflowsCase.sol";

contract CreateWorkflowTest is WorkflowsCase {
    function test_Creating_locks_the_budget_and_records_every_field() public {
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowCreated(2, client, "other", 1, deadline, "uri");
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(client), Accounts.workflow(2), bytes32(uint256(2)), 7, Reasons.WORKFLOW_BUDGET
        );
        vm.prank(client);
        vm.assertEq(workflows.create(7, "other", 1, deadline, "uri"), 2);
        Workflow memory made = workflows.workflowOf(2);
        vm.assertEq(made.client, client);
        vm.assertEq(uint256(made.steps), 1);
        vm.assertEq(uint256(made.deadline), deadline);
        vm.assertEq(uint256(made.version), 1);
        vm.assertEq(uint256(made.outcome), 0);
        vm.assertEq(made.graphHash, "other");
        vm.assertEq(workflows.workflowCount(), 2);
        vm.assertEq(workflows.budgetOf(2), 7);
        vm.assertTrue(workflows.isOpen(2));
        vm.assertFalse(workflows.isOpen(3));
    }

    function test_Creating_refuses_what_is_empty_or_out_of_bounds() public {
        vm.startPrank(client);
        vm.expectRevert(IWorkflows.EmptyBudget.selector);
        workflows.create(0, "graph", 3, deadline, "uri");
        vm.expectRevert(IWorkflows.ZeroHash.selector);
        workflows.create(1, 0, 3, deadline, "uri");
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepsOutOfBounds.selector, 0, 32));
        workflows.create(1, "graph", 0, deadline, "uri");
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepsOutOfBounds.selector, 33, 32));
        workflows.create(1, "graph", 33, deadline, "uri");
        uint64 time = uint64(block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IWorkflows.DeadlineOutOfBounds.selector, time, time + 1 hours, time + 730 days)
        );
        workflows.create(1, "graph", 3, time, "uri");
        vm.stopPrank();
        vm.prank(guardian);
        breaker().trip(0, 1, 1 hours, "why");
        vm.expectPartialRevert(IBreaker.Tripped.selector);
        vm.prank(client);
        workflows.create(1, "graph", 3, deadline, "uri");
    }
}
