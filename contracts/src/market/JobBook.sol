// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { IACPHook } from "../interfaces/IACPHook.sol";
import { IJobs, Job, JobStatus } from "../interfaces/IJobs.sol";
import { Endings, ITaskMarket, Mode, Task, TaskState } from "../interfaces/ITaskMarket.sol";
import { Packed } from "../libraries/Packed.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice What the door of ERC-8183 keeps of a job, how it is read, how it follows its task, and how hooks are called.
/// @dev Always holds: the status kept is what the events have said; the status read is what the task says. The kept one only
///      moves towards it, so every step has its event once.
abstract contract JobBook is IJobs, Module, ReentrancyGuardTransient {
    using Packed for uint256;

    struct Record {
        address client;
        uint64 expiredAt;
        JobStatus status;
        address provider;
        uint64 taskId;
        address evaluator;
        uint64 agentId;
        address hook;
        uint256 budget;
        string description;
    }

    /// @dev How hooks know the actions, whichever form of a function was called.
    bytes4 internal constant SET_PROVIDER = bytes4(keccak256("setProvider(uint256,address,bytes)"));
    bytes4 internal constant SET_BUDGET = bytes4(keccak256("setBudget(uint256,uint256,bytes)"));
    bytes4 internal constant FUND = bytes4(keccak256("fund(uint256,uint256,bytes)"));
    bytes4 internal constant SUBMIT = bytes4(keccak256("submit(uint256,bytes32,bytes)"));
    bytes4 internal constant COMPLETE = bytes4(keccak256("complete(uint256,bytes32,bytes)"));
    bytes4 internal constant REJECT = bytes4(keccak256("reject(uint256,bytes32,bytes)"));

    /// @dev What one call of a hook may use; and what must be left for it, since a call passes on 63 parts of 64.
    uint256 internal constant HOOK_GAS = 500_000;
    uint256 internal constant GAS_FOR_HOOK = HOOK_GAS * 64 / 63 + 5_000;
    uint256 private constant RATE_BASE = 10_000;

    ITaskMarket internal immutable TASK_MARKET;
    address internal immutable COURT;

    uint256 internal _count;
    mapping(uint256 jobId => Record) internal _jobs;
    mapping(uint256 taskId => uint256 jobId) internal _jobOfTask;
    mapping(address provider => uint256 agentId) internal _agents;

    /// @dev The market's breaker is the door's: a trip of the market moves the deadlines of both.
    constructor(Wiring memory wiring) Module(wiring, "taskMarket") {
        TASK_MARKET = ITaskMarket(wiring.taskMarket);
        COURT = wiring.disputes;
    }

    /// @inheritdoc IJobs
    function adopt(uint256 taskId) external opening returns (uint256 jobId) {
        require(_jobOfTask[taskId] == 0, TaskIsJob(taskId, _jobOfTask[taskId]));
        Task memory task = TASK_MARKET.taskOf(taskId);
        require(task.state != TaskState.NONE && task.mode == Mode.DIRECT, NotDirect(taskId));
        address provider = REGISTRY.getAgentWallet(task.named);
        if (provider == address(0)) provider = REGISTRY.ownerOf(task.named);
        jobId = _record(task.client, provider, task.client, task.expiresAt, address(0));
        Record storage job = _jobs[jobId];
        job.budget = task.maxPrice;
        job.status = JobStatus.Funded;
        emit BudgetSet(jobId, task.maxPrice);
        emit JobFunded(jobId, task.client, task.maxPrice);
        _link(jobId, job, taskId, task.named, true);
        _sync(jobId, job, task.client, 0);
    }

    /// @inheritdoc IJobs
    function getJob(uint256 jobId) external view returns (Job memory) {
        Record storage job = _requireJob(jobId);
        return Job(
            jobId,
            job.client,
            job.provider,
            job.evaluator,
            job.description,
            job.budget,
            job.expiredAt,
            _statusOf(job),
            job.hook
        );
    }

    /// @inheritdoc IJobs
    function jobCounter() external view returns (uint256) {
        return _count;
    }

    /// @inheritdoc IJobs
    function taskOf(uint256 jobId) external view returns (uint256 taskId, uint256 agentId) {
        return (_jobs[jobId].taskId, _jobs[jobId].agentId);
    }

    /// @inheritdoc IJobs
    function jobOf(uint256 taskId) external view returns (uint256 jobId) {
        return _jobOfTask[taskId];
    }

    /// @inheritdoc IJobs
    function agentOf(address provider) external view returns (uint256 agentId) {
        return _agents[provider];
    }

    function _record(address client, address provider, address evaluator, uint64 expiredAt, address hook)
        internal
        returns (uint256 jobId)
    {
        jobId = ++_count;
        Record storage job = _jobs[jobId];
        job.client = client;
        job.provider = provider;
        job.evaluator = evaluator;
        job.expiredAt = expiredAt;
        job.hook = hook;
        emit JobCreated(jobId, client, provider, evaluator, expiredAt, hook);
    }

    function _link(uint256 jobId, Record storage job, uint256 taskId, uint256 agentId, bool adopted) internal {
        job.taskId = uint64(taskId);
        job.agentId = uint64(agentId);
        _jobOfTask[taskId] = jobId;
        emit JobLinked(jobId, taskId, agentId, adopted);
    }

    /// @dev Says as events what the task has come to; `by` and `reason` are those of a completion or a rejection.
    function _sync(uint256 jobId, Record storage job, address by, bytes32 reason) internal {
        Task memory task = TASK_MARKET.taskOf(job.taskId);
        if (job.status == JobStatus.Funded && task.reviewEnd != 0) {
            job.status = JobStatus.Submitted;
            emit JobSubmitted(jobId, job.provider, task.resultHash);
        }
        JobStatus found = _statusOf(job);
        if (found > JobStatus.Submitted && job.status <= JobStatus.Submitted) _end(jobId, job, found, by, reason);
    }

    function _end(uint256 jobId, Record storage job, JobStatus status, address by, bytes32 reason) internal {
        Task memory task = TASK_MARKET.taskOf(job.taskId);
        uint256 paid;
        job.status = status;
        if (status == JobStatus.Completed) {
            paid = task.cause == Endings.SPLIT ? task.price / 2 : task.price;
            uint256 fee = paid * task.rules.rule(Packed.FEE) / RATE_BASE;
            emit JobCompleted(jobId, job.evaluator, reason);
            emit PaymentReleased(jobId, job.provider, paid - fee);
        } else if (status == JobStatus.Rejected) {
            emit JobRejected(jobId, task.cause == Endings.BY_COURT ? COURT : by, reason);
        } else {
            emit JobExpired(jobId);
        }
        if (task.maxPrice != paid) emit Refunded(jobId, job.client, task.maxPrice - paid);
    }

    function _statusOf(Record storage job) internal view returns (JobStatus) {
        if (job.taskId == 0 || job.status > JobStatus.Submitted) return job.status;
        Task memory task = TASK_MARKET.taskOf(job.taskId);
        if (task.state == TaskState.FINALIZED) return JobStatus.Completed;
        if (task.state == TaskState.CANCELLED) {
            return task.cause == Endings.EXPIRED ? JobStatus.Expired : JobStatus.Rejected;
        }
        bool submitted = task.state == TaskState.VERIFYING || task.state == TaskState.DISPUTED;
        return submitted ? JobStatus.Submitted : JobStatus.Funded;
    }

    function _requireJob(uint256 jobId) internal view returns (Record storage job) {
        job = _jobs[jobId];
        require(job.client != address(0), UnknownJob(jobId));
    }

    function _requireStatus(uint256 jobId, JobStatus needed) internal view returns (Record storage job) {
        job = _requireJob(jobId);
        JobStatus found = _statusOf(job);
        require(found == needed, WrongStatus(jobId, found));
    }

    function _requireCaller(uint256 jobId, address expected) internal view {
        address caller = _msgSender();
        require(caller == expected, Unauthorized(jobId, caller));
    }

    function _before(uint256 jobId, address hook, bytes4 action, bytes memory data) internal {
        if (hook != address(0)) {
            _call(jobId, hook, action, abi.encodeCall(IACPHook.beforeAction, (jobId, action, data)));
        }
    }

    function _after(uint256 jobId, address hook, bytes4 action, bytes memory data) internal {
        if (hook != address(0)) {
            _call(jobId, hook, action, abi.encodeCall(IACPHook.afterAction, (jobId, action, data)));
        }
    }

    /// @dev A hook is a stranger's code: it gets so much gas and no more, and nothing that it answers is read.
    function _call(uint256 jobId, address hook, bytes4 action, bytes memory asked) private {
        require(gasleft() >= GAS_FOR_HOOK, GasTooLow(gasleft(), GAS_FOR_HOOK));
        uint256 gas_ = HOOK_GAS;
        bool done;
        assembly ("memory-safe") {
            done := call(gas_, hook, 0, add(asked, 0x20), mload(asked), 0, 0)
        }
        require(done, HookRefused(jobId, hook, action));
    }
}
