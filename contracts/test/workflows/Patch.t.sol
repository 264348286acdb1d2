// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IWorkflows } from "../../src/interfaces/IWorkflows.sol";
import { vm } from "../Vm.sol";
import { WorkflowsCase } from "./WorkflowsCase.sol";

contract PatchTest is WorkflowsCase {
    function test_A_failed_step_stops_the_workflow_until_a_patch_replaces_it() public {
        uint256 taskId = link(0, 0);
        cancel(taskId);
        vm.assertEq(workflows.budgetOf(id), 5_000 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepFailed.selector, id, 0));
        link(1, 0);
        patch(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepFailed.selector, id, 0));
        link(1, 0);
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowPatched(id, 3, 2, "patch", 1);
        patch(2, 1);
        vm.assertEq(uint256(workflows.stepOf(id, 0).taskId), 0);
        vm.assertEq(workflows.patchOf(id, 3), "patch");
        vm.assertEq(uint256(found().version), 3);
        link(1, 0);
        link(0, 0);
        vm.assertEq(uint256(workflows.stepOf(id, 0).version), 3);
    }

    function test_Patching_refuses_stale_bases_and_steps_that_did_not_fail() public {
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StaleBase.selector, id, 0, 1));
        patch(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepNotFailed.selector, id, 1));
        patch(1, 2);
        link(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepNotFailed.selector, id, 1));
        patch(1, 2);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 3));
        patch(1, 8);
        vm.expectRevert(IWorkflows.ZeroHash.selector);
        vm.prank(client);
        workflows.patch(id, 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.OnlyClient.selector, id, maker));
        vm.prank(maker);
        workflows.patch(id, 1, "patch", 0);
    }
}
