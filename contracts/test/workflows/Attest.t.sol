// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IWorkflows } from "../../src/interfaces/IWorkflows.sol";
import { vm } from "../Vm.sol";
import { WorkflowsCase } from "./WorkflowsCase.sol";

contract AttestWorkflowTest is WorkflowsCase {
    function test_An_agent_vouches_for_a_version_once() public {
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowAttested(id, 1, makerId);
        vm.startPrank(maker);
        workflows.attest(id, 1, makerId);
        vm.assertTrue(workflows.hasAttested(id, 1, makerId));
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.AlreadyAttested.selector, id, 1, makerId));
        workflows.attest(id, 1, makerId);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownVersion.selector, id, 2));
        workflows.attest(id, 2, makerId);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownVersion.selector, id, 0));
        workflows.attest(id, 0, makerId);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, watcherId, maker));
        workflows.attest(id, 1, watcherId);
    }
}
