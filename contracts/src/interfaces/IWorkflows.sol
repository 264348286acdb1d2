// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Terms } from "./ITaskMarket.sol";

/// @notice A workflow. Stored.
/// @param steps How many steps its graph has; they are numbered from 0.
/// @param version The version of its plan, from 1; each patch is one more.
/// @param outcome 0 open, 1 completed, 2 failed, 3 ended by its client, 4 expired.
struct Workflow {
    address client;
    uint16 steps;
    uint64 deadline;
    uint8 outcome;
    uint32 version;
    bytes32 graphHash;
}

/// @notice What serves a step. Stored.
/// @param taskId The step's task; 0 while it has not been opened, or once a patch has replaced it.
/// @param version The plan's version when the task was linked.
struct Step {
    uint64 taskId;
    uint32 version;
    uint256 dependsOn;
}

/// @title Workflows: a graph of tasks under one budget; a step opens once what it depends on is finalized.
/// @notice UPDATE_PLAN = WorkflowPatched, ATTEST_PLAN = WorkflowAttested. A step whose task was cancelled stops the workflow:
///         no further step opens, until a patch replaces it.
interface IWorkflows {
    /// @notice A graph of steps under one budget.
    /// @custom:trigger a client
    /// @custom:step Workflow: -> Open
    event WorkflowCreated(
        uint256 indexed workflowId, address indexed client, bytes32 graphHash, uint16 steps, uint64 deadline, string uri
    );
    /// @notice The step is a task now. Bit i of `dependsOn`: it came after step i.
    /// @custom:trigger the workflow's client
    /// @custom:step Workflow step: -> Linked
    /// @custom:kinds dependsOn count
    event WorkflowStepLinked(uint256 indexed workflowId, uint256 indexed taskId, uint16 step, uint256 dependsOn);
    /// @notice Bit i of `replaces`: step i, whose task was cancelled, is free to be opened anew.
    /// @custom:trigger the workflow's client
    /// @custom:step Workflow: version + 1 (UPDATE_PLAN)
    event WorkflowPatched(
        uint256 indexed workflowId, uint32 version, uint32 baseVersion, bytes32 patchHash, uint256 replaces
    );
    /// @notice An agent vouches for a version of the plan.
    /// @custom:trigger an agent
    /// @custom:step Workflow: attestations grow (ATTEST_PLAN)
    event WorkflowAttested(uint256 indexed workflowId, uint32 version, uint256 indexed agentId);
    /// @notice 1 completed, 2 failed, 3 ended by its client, 4 expired.
    /// @custom:trigger the client; anyone when all is done or late
    /// @custom:step Workflow: Open -> Ended
    event WorkflowEnded(uint256 indexed workflowId, uint8 outcome);

    error EmptyBudget();
    error StepsOutOfBounds(uint16 steps, uint16 most);
    error DeadlineOutOfBounds(uint64 deadline, uint64 earliest, uint64 latest);
    error WorkflowNotOpen(uint256 workflowId, uint8 outcome);
    error OnlyClient(uint256 workflowId, address caller);
    error UnknownStep(uint256 workflowId, uint16 step);
    /// @notice The step has a task that no patch has replaced.
    error StepIsLinked(uint256 workflowId, uint16 step, uint256 taskId);
    error DependencyOpen(uint256 workflowId, uint16 step, uint16 dependsOnStep);
    error StepFailed(uint256 workflowId, uint16 step);
    /// @notice Only a step whose task was cancelled can be replaced.
    error StepNotFailed(uint256 workflowId, uint16 step);
    error StaleBase(uint256 workflowId, uint32 baseVersion, uint32 version);
    error UnknownVersion(uint256 workflowId, uint32 version);
    error AlreadyAttested(uint256 workflowId, uint32 version, uint256 agentId);
    error ZeroHash();
    /// @notice Not every step is finalized, and the caller is neither the client nor late enough.
    error StillRunning(uint256 workflowId, uint64 deadline);

    /// @notice Creates a workflow with a budget from the caller's credit account.
    function create(uint256 budget, bytes32 graphHash, uint16 steps, uint64 deadline, string calldata uri)
        external
        returns (uint256 workflowId);

    /// @notice Adds to the budget; for the client.
    function addBudget(uint256 workflowId, uint256 amount) external;

    /// @notice Opens a step: creates its task, whose escrow comes out of the budget; for the client.
    /// @param dependsOn Bit i: step i must be finalized.
    function linkStep(uint256 workflowId, uint16 step, uint256 dependsOn, uint256 agentId, Terms calldata terms)
        external
        returns (uint256 taskId);

    /// @notice Replaces the plan; refused unless it builds on the present version. For the client.
    /// @param replaces Bit i: the plan replaces step i, whose task was cancelled.
    function patch(uint256 workflowId, uint32 baseVersion, bytes32 patchHash, uint256 replaces)
        external
        returns (uint32 version);

    /// @notice An agent vouches for a version of the plan, once.
    function attest(uint256 workflowId, uint32 version, uint256 agentId) external;

    /// @notice Ends the workflow, the rest of the budget to the client: by anyone once every step is finalized or the deadline has
    ///         passed, by the client at any time. Running steps finish by their own rules.
    function endWorkflow(uint256 workflowId) external;

    /// @notice Whether refunds of steps still go to the budget.
    function isOpen(uint256 workflowId) external view returns (bool);

    function workflowOf(uint256 workflowId) external view returns (Workflow memory);

    function stepOf(uint256 workflowId, uint16 step) external view returns (Step memory);

    /// @notice The patch that made a version; 0 for version 1.
    function patchOf(uint256 workflowId, uint32 version) external view returns (bytes32);

    function hasAttested(uint256 workflowId, uint32 version, uint256 agentId) external view returns (bool);

    /// @notice What is left to open steps with.
    function budgetOf(uint256 workflowId) external view returns (uint256);

    function workflowCount() external view returns (uint256);
}
