// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Address } from "@openzeppelin/contracts/utils/Address.sol";
import { IDisputes } from "../interfaces/IDisputes.sol";
import { IJobs, JobStatus } from "../interfaces/IJobs.sol";
import { ITaskMarket, TaskState, Terms } from "../interfaces/ITaskMarket.sol";
import { IWorkLeases } from "../interfaces/IWorkLeases.sol";
import { Accounts } from "../libraries/Accounts.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { JobBook } from "./JobBook.sol";

/// @notice See IJobs.
/// @dev Always holds: a job's money is its task's, this contract keeps none; a call in somebody's name is in the caller's, or
///      in the client's for the evaluator that it named; a hook runs with bounded gas and cannot come back in.
contract Jobs is JobBook {
    using SafeERC20 for IERC20;

    uint8 internal constant POOR_QUALITY = 3;
    uint256 internal constant BPS = 10_000;
    uint256 internal constant AGENT_BOND = 2_400;
    uint256 internal constant LEAST_BOND = 10e18;
    /// @dev The longest bid and delivery windows of the market; a job's life is one of each.
    uint256 internal constant LONGEST = 90 days;
    uint32 internal constant START = 15 minutes;
    uint32 internal constant REVIEW = 1 days;
    uint32 internal constant CHALLENGE = 10 minutes;
    /// @dev How far trips of the breaker can move an expiry: two in a row, 156 hours.
    uint64 internal constant MOVED = 7 days;
    uint32 internal constant LEASE_TTL = 1 hours;
    uint32 internal constant LEASE_GRACE = 10 minutes;

    IERC20 internal immutable CREDIT;
    IWorkLeases internal immutable WORK_LEASES;

    constructor(Wiring memory wiring, Genesis memory) JobBook(wiring) {
        CREDIT = IERC20(wiring.credit);
        WORK_LEASES = IWorkLeases(wiring.workLeases);
    }

    /// @inheritdoc IJobs
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook
    ) external opening nonReentrant returns (uint256 jobId) {
        require(evaluator != address(0), ZeroAddress());
        require(
            expiredAt > block.timestamp && expiredAt <= block.timestamp + LONGEST,
            ExpiryOutOfBounds(expiredAt, block.timestamp + 1, block.timestamp + LONGEST)
        );
        require(hook == address(0) || hook.code.length != 0, HookWithoutCode(hook));
        jobId = _record(_msgSender(), provider, evaluator, uint64(expiredAt), hook);
        _jobs[jobId].description = description;
        emit JobDescribed(jobId, description);
    }

    /// @inheritdoc IJobs
    function setProvider(uint256 jobId, address provider, bytes memory optParams) public nonReentrant {
        Record storage job = _requireStatus(jobId, JobStatus.Open);
        _requireCaller(jobId, job.client);
        require(job.provider == address(0), ProviderIsSet(jobId, job.provider));
        require(provider != address(0), ZeroAddress());
        bytes memory data = abi.encode(provider, optParams);
        _before(jobId, job.hook, SET_PROVIDER, data);
        job.provider = provider;
        emit ProviderSet(jobId, provider);
        _after(jobId, job.hook, SET_PROVIDER, data);
    }

    /// @inheritdoc IJobs
    function setProvider(uint256 jobId, address provider) external {
        setProvider(jobId, provider, "");
    }

    /// @inheritdoc IJobs
    function setBudget(uint256 jobId, uint256 amount, bytes memory optParams) public nonReentrant {
        Record storage job = _requireStatus(jobId, JobStatus.Open);
        address caller = _msgSender();
        require(caller == job.client || caller == job.provider, Unauthorized(jobId, caller));
        // No token has more, and readers of the event need not expect it.
        require(amount <= type(uint128).max, BudgetTooLarge(jobId, amount));
        bytes memory data = abi.encode(amount, optParams);
        _before(jobId, job.hook, SET_BUDGET, data);
        job.budget = amount;
        emit BudgetSet(jobId, amount);
        _after(jobId, job.hook, SET_BUDGET, data);
    }

    /// @inheritdoc IJobs
    function setBudget(uint256 jobId, uint256 amount) external {
        setBudget(jobId, amount, "");
    }

    /// @inheritdoc IJobs
    function fund(uint256 jobId, uint256 expectedBudget, bytes memory optParams) public nonReentrant {
        Record storage job = _requireStatus(jobId, JobStatus.Open);
        address client = job.client;
        _requireCaller(jobId, client);
        uint256 budget = job.budget;
        require(budget != 0, ZeroBudget(jobId));
        require(job.provider != address(0), ProviderNotSet(jobId));
        require(budget == expectedBudget, BudgetMismatch(jobId, expectedBudget, budget));
        _before(jobId, job.hook, FUND, optParams);
        uint256 agentId = _agents[job.provider];
        require(agentId != 0, ProviderWithoutAgent(job.provider));
        job.status = JobStatus.Funded;
        _collect(client, budget);
        uint256 taskId = TASK_MARKET.createFor(client, Accounts.credit(client), agentId, _terms(job));
        emit JobFunded(jobId, client, budget);
        _link(jobId, job, taskId, agentId, false);
        _after(jobId, job.hook, FUND, optParams);
    }

    /// @inheritdoc IJobs
    function fund(uint256 jobId, uint256 expectedBudget) external {
        fund(jobId, expectedBudget, "");
    }

    /// @inheritdoc IJobs
    function submit(uint256 jobId, bytes32 deliverable, bytes memory optParams) public nonReentrant {
        Record storage job = _requireStatus(jobId, JobStatus.Funded);
        _requireCaller(jobId, job.provider);
        bytes memory data = abi.encode(deliverable, optParams);
        _before(jobId, job.hook, SUBMIT, data);
        _deliver(job, deliverable);
        _sync(jobId, job, job.client, 0);
        _after(jobId, job.hook, SUBMIT, data);
    }

    /// @inheritdoc IJobs
    function submit(uint256 jobId, bytes32 deliverable) external {
        submit(jobId, deliverable, "");
    }

    /// @inheritdoc IJobs
    function complete(uint256 jobId, bytes32 reason, bytes memory optParams) public nonReentrant {
        Record storage job = _requireStatus(jobId, JobStatus.Submitted);
        _requireCaller(jobId, job.evaluator);
        bytes memory data = abi.encode(reason, optParams);
        _before(jobId, job.hook, COMPLETE, data);
        _callAs(job.client, address(TASK_MARKET), abi.encodeCall(ITaskMarket.accept, (job.taskId)));
        _sync(jobId, job, job.evaluator, reason);
        _after(jobId, job.hook, COMPLETE, data);
    }

    /// @inheritdoc IJobs
    function complete(uint256 jobId, bytes32 reason) external {
        complete(jobId, reason, "");
    }

    /// @inheritdoc IJobs
    function reject(uint256 jobId, bytes32 reason, bytes memory optParams) public nonReentrant {
        Record storage job = _requireJob(jobId);
        JobStatus found = _statusOf(job);
        require(found <= JobStatus.Submitted, WrongStatus(jobId, found));
        _requireCaller(jobId, found == JobStatus.Open ? job.client : job.evaluator);
        bytes memory data = abi.encode(reason, optParams);
        _before(jobId, job.hook, REJECT, data);
        if (found == JobStatus.Open) {
            job.status = JobStatus.Rejected;
            emit JobRejected(jobId, job.client, reason);
        } else if (found == JobStatus.Funded) {
            _callAs(job.client, address(TASK_MARKET), abi.encodeCall(ITaskMarket.cancel, (job.taskId)));
            _sync(jobId, job, job.evaluator, reason);
        } else {
            _sync(jobId, job, job.evaluator, 0);
            bytes memory claim = abi.encodeCall(IDisputes.open, (POOR_QUALITY, job.taskId, 0, reason));
            uint256 disputeId = abi.decode(_callAs(job.client, COURT, claim), (uint256));
            emit JobContested(jobId, disputeId, job.evaluator, reason);
        }
        _after(jobId, job.hook, REJECT, data);
    }

    /// @inheritdoc IJobs
    function reject(uint256 jobId, bytes32 reason) external {
        reject(jobId, reason, "");
    }

    /// @inheritdoc IJobs
    function claimRefund(uint256 jobId) external nonReentrant {
        Record storage job = _requireJob(jobId);
        JobStatus found = _statusOf(job);
        require(found != JobStatus.Submitted, WorkIsSubmitted(jobId));
        require(found == JobStatus.Funded, WrongStatus(jobId, found));
        uint64 moved = BREAKER.shifted(SCOPE, job.expiredAt);
        require(block.timestamp >= moved, NotExpired(jobId, moved));
        TaskState state = TASK_MARKET.stateOf(job.taskId);
        // An agent that bound itself at the market has until its own deadline.
        bool bound = state == TaskState.MATCHED || state == TaskState.RUNNING;
        if (bound) TASK_MARKET.vacate(job.taskId);
        _callAs(job.client, address(TASK_MARKET), abi.encodeCall(ITaskMarket.cancel, (job.taskId)));
        _end(jobId, job, JobStatus.Expired, job.client, 0);
    }

    /// @inheritdoc IJobs
    function syncJob(uint256 jobId) external {
        Record storage job = _requireJob(jobId);
        require(job.taskId != 0, WrongStatus(jobId, job.status));
        _sync(jobId, job, job.client, 0);
    }

    /// @inheritdoc IJobs
    function serveAs(uint256 agentId) external {
        address provider = _msgSender();
        REGISTRY.requireActor(agentId, provider);
        _agents[provider] = agentId;
        emit ProviderServes(provider, agentId);
    }

    /// @inheritdoc IJobs
    function paymentToken() external view returns (address) {
        return address(CREDIT);
    }

    /// @dev Brings what the client's account lacks from its wallet into it.
    function _collect(address client, uint256 budget) private {
        uint256 held = VAULT.balanceOf(Accounts.credit(client));
        if (held >= budget) return;
        CREDIT.safeTransferFrom(client, address(this), budget - held);
        CREDIT.forceApprove(address(VAULT), budget - held);
        VAULT.depositFor(client, budget - held);
    }

    /// @dev The agent may bid until the job expires, and has as long again for its work if it binds itself before.
    function _terms(Record storage job) private view returns (Terms memory terms) {
        uint256 bond = (job.budget * AGENT_BOND + BPS - 1) / BPS;
        terms.domain = "jobs";
        terms.maxPrice = job.budget;
        terms.agentBond = bond < LEAST_BOND ? LEAST_BOND : bond;
        terms.minReputation = type(int128).min;
        terms.bidWindow = uint32(job.expiredAt - _now());
        terms.startWindow = START;
        terms.deliverWindow = terms.bidWindow;
        terms.reviewWindow = REVIEW;
        terms.challengeWindow = CHALLENGE;
        terms.leaseTtl = LEASE_TTL;
        terms.grace = LEASE_GRACE;
        terms.expiresAt = job.expiredAt + START + terms.deliverWindow + MOVED;
        terms.specHash = keccak256(bytes(job.description));
        terms.specURI = job.description;
    }

    /// @dev All that the market wants before a delivery, and the delivery, in the provider's name.
    function _deliver(Record storage job, bytes32 deliverable) private {
        (address provider, uint256 taskId) = (job.provider, job.taskId);
        TaskState state = TASK_MARKET.stateOf(taskId);
        if (state == TaskState.BIDDING) {
            bytes memory bid =
                abi.encodeCall(ITaskMarket.placeBid, (taskId, job.agentId, job.budget, _now(), deliverable));
            _callAs(provider, address(TASK_MARKET), bid);
            state = TaskState.MATCHED;
        }
        if (state == TaskState.MATCHED) {
            _callAs(provider, address(WORK_LEASES), abi.encodeCall(IWorkLeases.start, (taskId)));
        }
        bytes memory result = abi.encodeCall(ITaskMarket.submit, (taskId, deliverable, bytes32(0), ""));
        _callAs(provider, address(TASK_MARKET), result);
    }

    /// @dev Calls a sibling in somebody's name: the address behind the call, as ERC-2771 has it.
    function _callAs(address who, address target, bytes memory call) private returns (bytes memory) {
        return Address.functionCall(target, abi.encodePacked(call, who));
    }
}
