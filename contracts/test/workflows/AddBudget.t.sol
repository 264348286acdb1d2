// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkflows } from "../../src/interfaces/IWorkflows.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { WorkflowsCase } from "./WorkflowsCase.sol";

contract AddBudgetTest is WorkflowsCase {
    function test_The_client_adds_to_the_budget() public {
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.credit(client), Accounts.workflow(id), bytes32(id), 5, Reasons.WORKFLOW_BUDGET);
        vm.prank(client);
        workflows.addBudget(id, 5);
        vm.assertEq(workflows.budgetOf(id), 5_000 * CREDITS + 5);
        vm.expectRevert(IWorkflows.EmptyBudget.selector);
        vm.prank(client);
        workflows.addBudget(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.OnlyClient.selector, id, watcher));
        vm.prank(watcher);
        workflows.addBudget(id, 5);
    }
}
