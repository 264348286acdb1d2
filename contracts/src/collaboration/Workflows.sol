// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, TaskState, Terms } from "../interfaces/ITaskMarket.sol";
import { IWorkflows, Step, Workflow } from "../interfaces/IWorkflows.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IWorkflows.
/// @dev A budget comes in, escrows of steps and the rest go out. Always holds: a step has one live task at most; its task was
///      created after all that it depends on was finalized; an ended workflow's account is empty, for the market then sends
///      refunds to the client.
contract Workflows is IWorkflows, Module {
    uint8 internal constant COMPLETED = 1;
    uint8 internal constant FAILED = 2;
    uint8 internal constant BY_CLIENT = 3;
    uint8 internal constant EXPIRED = 4;

    uint16 internal constant MOST_STEPS = 32;
    uint64 internal constant SHORTEST = 1 hours;
    uint64 internal constant LONGEST = 730 days;

    ITaskMarket internal immutable TASK_MARKET;

    uint256 internal _count;
    mapping(uint256 workflowId => Workflow) internal _workflows;
    mapping(uint256 workflowId => mapping(uint256 step => Step)) internal _steps;
    mapping(uint256 workflowId => mapping(uint256 version => bytes32)) internal _patches;
    mapping(uint256 workflowId => mapping(uint256 version => mapping(uint256 agentId => bool))) internal _attested;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "workflows") {
        TASK_MARKET = ITaskMarket(wiring.taskMarket);
    }

    /// @inheritdoc IWorkflows
    function create(uint256 budget, bytes32 graphHash, uint16 steps, uint64 deadline, string calldata uri)
        external
        opening
        returns (uint256 workflowId)
    {
        address client = _msgSender();
        require(budget != 0, EmptyBudget());
        require(graphHash != 0, ZeroHash());
        require(steps != 0 && steps <= MOST_STEPS, StepsOutOfBounds(steps, MOST_STEPS));
        require(
            deadline >= _now() + SHORTEST && deadline <= _now() + LONGEST,
            DeadlineOutOfBounds(deadline, _now() + SHORTEST, _now() + LONGEST)
        );
        workflowId = ++_count;
        _workflows[workflowId] = Workflow(client, steps, deadline, 0, 1, graphHash);
        emit WorkflowCreated(workflowId, client, graphHash, steps, deadline, uri);
        _fund(workflowId, client, budget);
    }

    /// @inheritdoc IWorkflows
    function addBudget(uint256 workflowId, uint256 amount) external opening {
        Workflow storage workflow = _openOf(workflowId);
        _requireClient(workflowId, workflow);
        require(amount != 0, EmptyBudget());
        _fund(workflowId, workflow.client, amount);
    }

    /// @inheritdoc IWorkflows
    function linkStep(uint256 workflowId, uint16 step, uint256 dependsOn, uint256 agentId, Terms calldata terms)
        external
        opening
        returns (uint256 taskId)
    {
        Workflow storage workflow = _openOf(workflowId);
        _requireClient(workflowId, workflow);
        _requireBefore(workflow.deadline);
        _requireReady(workflowId, workflow, step, dependsOn);
        taskId = TASK_MARKET.createFor(workflow.client, Accounts.workflow(workflowId), agentId, terms);
        _steps[workflowId][step] = Step(uint64(taskId), workflow.version, dependsOn);
        emit WorkflowStepLinked(workflowId, taskId, step, dependsOn);
    }

    /// @inheritdoc IWorkflows
    function patch(uint256 workflowId, uint32 baseVersion, bytes32 patchHash, uint256 replaces)
        external
        returns (uint32 version)
    {
        Workflow storage workflow = _openOf(workflowId);
        _requireClient(workflowId, workflow);
        require(patchHash != 0, ZeroHash());
        require(baseVersion == workflow.version, StaleBase(workflowId, baseVersion, workflow.version));
        require(replaces >> workflow.steps == 0, UnknownStep(workflowId, workflow.steps));
        for (uint16 step; replaces >> step != 0; ++step) {
            if ((replaces >> step) & 1 == 0) continue;
            require(_stateOf(workflowId, step) == TaskState.CANCELLED, StepNotFailed(workflowId, step));
            _steps[workflowId][step].taskId = 0;
        }
        version = baseVersion + 1;
        workflow.version = version;
        _patches[workflowId][version] = patchHash;
        emit WorkflowPatched(workflowId, version, baseVersion, patchHash, replaces);
    }

    /// @inheritdoc IWorkflows
    function attest(uint256 workflowId, uint32 version, uint256 agentId) external {
        Workflow storage workflow = _openOf(workflowId);
        REGISTRY.requireActor(agentId, _msgSender());
        require(version != 0 && version <= workflow.version, UnknownVersion(workflowId, version));
        require(!_attested[workflowId][version][agentId], AlreadyAttested(workflowId, version, agentId));
        _attested[workflowId][version][agentId] = true;
        emit WorkflowAttested(workflowId, version, agentId);
    }

    /// @inheritdoc IWorkflows
    function endWorkflow(uint256 workflowId) external {
        Workflow storage workflow = _openOf(workflowId);
        uint8 outcome = _outcome(workflowId, workflow);
        workflow.outcome = outcome;
        emit WorkflowEnded(workflowId, outcome);
        bytes32 account = Accounts.workflow(workflowId);
        _move(account, Accounts.credit(workflow.client), workflowId, VAULT.balanceOf(account), Reasons.REFUND);
    }

    /// @inheritdoc IWorkflows
    function isOpen(uint256 workflowId) external view returns (bool) {
        return _workflows[workflowId].version != 0 && _workflows[workflowId].outcome == 0;
    }

    /// @inheritdoc IWorkflows
    function workflowOf(uint256 workflowId) external view returns (Workflow memory) {
        return _workflows[workflowId];
    }

    /// @inheritdoc IWorkflows
    function stepOf(uint256 workflowId, uint16 step) external view returns (Step memory) {
        return _steps[workflowId][step];
    }

    /// @inheritdoc IWorkflows
    function patchOf(uint256 workflowId, uint32 version) external view returns (bytes32) {
        return _patches[workflowId][version];
    }

    /// @inheritdoc IWorkflows
    function hasAttested(uint256 workflowId, uint32 version, uint256 agentId) external view returns (bool) {
        return _attested[workflowId][version][agentId];
    }

    /// @inheritdoc IWorkflows
    function budgetOf(uint256 workflowId) external view returns (uint256) {
        return VAULT.balanceOf(Accounts.workflow(workflowId));
    }

    /// @inheritdoc IWorkflows
    function workflowCount() external view returns (uint256) {
        return _count;
    }

    function _fund(uint256 workflowId, address client, uint256 amount) internal {
        _move(Accounts.credit(client), Accounts.workflow(workflowId), workflowId, amount, Reasons.WORKFLOW_BUDGET);
    }

    /// @dev The client's exit never asks the breaker; everybody else's is a timeout, unless the work is done.
    function _outcome(uint256 workflowId, Workflow storage workflow) internal view returns (uint8) {
        (bool finished, bool failed) = _progress(workflowId, workflow);
        if (finished) return COMPLETED;
        bool late = !_before(workflow.deadline);
        if (_msgSender() != workflow.client) {
            require(late, StillRunning(workflowId, workflow.deadline));
            _requireTimeouts();
        }
        if (failed) return FAILED;
        return late ? EXPIRED : BY_CLIENT;
    }

    function _requireTimeouts() internal view timeout { }

    /// @return finished Whether every step has a finalized task.
    /// @return failed Whether the task of some step was cancelled and no patch has replaced it.
    function _progress(uint256 workflowId, Workflow storage workflow)
        internal
        view
        returns (bool finished, bool failed)
    {
        finished = true;
        for (uint16 step; step < workflow.steps; ++step) {
            TaskState state = _stateOf(workflowId, step);
            if (state != TaskState.FINALIZED) finished = false;
            if (state == TaskState.CANCELLED) failed = true;
        }
    }

    /// @dev The step exists and is free, nothing failed, and all that it depends on is finalized.
    function _requireReady(uint256 workflowId, Workflow storage workflow, uint16 step, uint256 dependsOn)
        internal
        view
    {
        require(step < workflow.steps && (dependsOn >> step) & 1 == 0, UnknownStep(workflowId, step));
        require(dependsOn >> workflow.steps == 0, UnknownStep(workflowId, workflow.steps));
        for (uint16 i; i < workflow.steps; ++i) {
            TaskState state = _stateOf(workflowId, i);
            require(state != TaskState.CANCELLED, StepFailed(workflowId, i));
            bool needed = (dependsOn >> i) & 1 == 1;
            require(!needed || state == TaskState.FINALIZED, DependencyOpen(workflowId, step, i));
        }
        uint256 taskId = _steps[workflowId][step].taskId;
        require(taskId == 0, StepIsLinked(workflowId, step, taskId));
    }

    function _stateOf(uint256 workflowId, uint16 step) internal view returns (TaskState) {
        uint256 taskId = _steps[workflowId][step].taskId;
        return taskId == 0 ? TaskState.NONE : TASK_MARKET.stateOf(taskId);
    }

    function _openOf(uint256 workflowId) internal view returns (Workflow storage workflow) {
        workflow = _workflows[workflowId];
        require(workflow.version != 0 && workflow.outcome == 0, WorkflowNotOpen(workflowId, workflow.outcome));
    }

    function _requireClient(uint256 workflowId, Workflow storage workflow) internal view {
        require(_msgSender() == workflow.client, OnlyClient(workflowId, _msgSender()));
    }
}
