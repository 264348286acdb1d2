// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Workflows: a graph of tasks under one budget; a step opens once what it depends on is finalized.
interface IWorkflows {
    event WorkflowCreated(
        uint256 indexed workflowId, address indexed client, bytes32 graphHash, uint16 steps, uint64 deadline, string uri
    );
    event WorkflowStepLinked(uint256 indexed workflowId, uint256 indexed taskId, uint16 step, uint256 dependsOn);
    event WorkflowPatched(uint256 indexed workflowId, uint32 version, uint32 baseVersion, bytes32 patchHash);
    event WorkflowAttested(uint256 indexed workflowId, uint32 version, uint256 indexed agentId);
    event WorkflowEnded(uint256 indexed workflowId, uint8 outcome);

    /// @notice Whether refunds of the workflow's tasks still belong to its budget.
    function isOpen(uint256 workflowId) external view returns (bool);
}
