// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { Court } from "../interfaces/IDisputes.sol";
import {
    Endings,
    ITaskMarket,
    Mode,
    Rules,
    Task,
    TaskState,
    Vacancy,
    Verification
} from "../interfaces/ITaskMarket.sol";
import { Accounts, Kind, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Causes } from "../libraries/Domains.sol";
import { Packed } from "../libraries/Packed.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Auctions } from "./Auctions.sol";
import { TaskBook } from "./TaskBook.sol";

/// @notice See ITaskMarket; the second half of a task's life: delivery, review, failure, and the court's word.
/// @dev Always holds: work that was submitted never expires and is paid by silence; each kind of dispute is ruled at
///      most once, and a challenge that was taken back is no ruling; a terminal state leaves nothing in the task's account and nothing in its pledge.
contract TaskMarket is Auctions, IDisputable {
    using Packed for uint256;

    uint8 internal constant WRONG_RESULT = 1;
    uint8 internal constant BAD_RECEIPT = 2;
    uint8 internal constant POOR_QUALITY = 3;
    uint8 internal constant COLLUSION = 4;

    uint8 internal constant REJECTED = 1;
    uint8 internal constant UPHELD = 2;
    uint8 internal constant SPLIT = 3;

    constructor(Wiring memory wiring, Genesis memory) TaskBook(wiring) { }

    /// @inheritdoc ITaskMarket
    function cancel(uint256 taskId) external {
        Task storage task = _tasks[taskId];
        _requireClient(taskId, task);
        // The client of a job gave this to its evaluator when it funded the job: it comes through the door alone.
        bool isJob = Accounts.kindOf(task.funding) == Kind.CREDIT;
        if (isJob) _requireModule(JOBS);
        bool unmatched = task.state == TaskState.BIDDING || task.state == TaskState.VACANT;
        require(unmatched, WrongState(taskId, task.state));
        _cancel(taskId, task, Endings.BY_CLIENT);
    }

    /// @inheritdoc ITaskMarket
    function reopen(uint256 taskId) external timeout {
        Task storage task = _tasks[taskId];
        _requireKnown(taskId, task.state);
        uint8 cause = Vacancy.NO_BID;
        if (task.state == TaskState.BIDDING) {
            _requireFrom(_revealEnd(task));
            require(_boards[taskId][0] == 0, BidsStand(taskId));
        } else {
            if (task.state != TaskState.VACANT) _vacateOverdue(taskId, task);
            cause = task.cause;
            // The agent of a direct task has no successor.
            require(task.mode != Mode.DIRECT, FailedBefore(taskId, task.named));
        }
        uint16 round = task.round;
        require(round < task.rules.rule(Packed.MAX_ROUNDS), LastRound(taskId, round));
        uint256 needed = ADMISSION.neededUntil(task.windows, ++round);
        require(needed <= task.expiresAt, NoTimeLeft(taskId, task.expiresAt, needed));
        _openRound(taskId, task, round, cause);
    }

    /// @inheritdoc ITaskMarket
    function vacate(uint256 taskId) external timeout {
        _vacateOverdue(taskId, _tasks[taskId]);
    }

    /// @inheritdoc ITaskMarket
    function cancelExpired(uint256 taskId) external timeout {
        Task storage task = _tasks[taskId];
        _requireKnown(taskId, task.state);
        if (task.state == TaskState.BIDDING) _requireFrom(_revealEnd(task));
        else if (task.state != TaskState.VACANT) _vacateOverdue(taskId, task);
        bool bidsStand = _boards[taskId][0] != 0;
        bool directly = task.mode == Mode.DIRECT && task.state == TaskState.VACANT;
        uint64 from = ADMISSION.hopelessFrom(task.rules, task.windows, task.expiresAt, task.round, bidsStand, directly);
        // What is no longer possible is a fact, which no trip of the breaker puts off.
        require(block.timestamp >= from, TooEarly(from, block.timestamp));
        _cancel(taskId, task, Endings.EXPIRED);
    }

    /// @inheritdoc ITaskMarket
    function yieldMatch(uint256 taskId) external {
        Task storage task = _requireState(taskId, TaskState.MATCHED);
        _requireMayAct(task.agentId);
        _requireBefore(task.startBy);
        _vacate(taskId, task, Vacancy.YIELDED);
    }

    /// @inheritdoc ITaskMarket
    function submit(uint256 taskId, bytes32 resultHash, bytes32 receiptHash, string calldata resultURI) external {
        Task storage task = _tasks[taskId];
        _requireMayAct(task.agentId);
        bool repeated = task.state >= TaskState.VERIFYING && task.state != TaskState.VACANT
            && task.resultHash == resultHash && task.receiptHash == receiptHash;
        if (repeated) return;
        require(task.state == TaskState.RUNNING, WrongState(taskId, task.state));
        _requireBefore(task.expiresAt);
        task.state = TaskState.VERIFYING;
        task.resultHash = resultHash;
        task.receiptHash = receiptHash;
        task.challengeEnd = uint40(_now() + task.windows.window(Packed.CHALLENGE));
        task.reviewEnd = uint40(_now() + task.windows.window(Packed.REVIEW));
        // Strangers have their whole window where strangers watch.
        if (task.verification == Verification.OPTIMISTIC && task.reviewEnd < task.challengeEnd) {
            task.reviewEnd = task.challengeEnd;
        }
        emit TaskSubmitted(taskId, task.agentId, resultHash, receiptHash, resultURI, task.reviewEnd);
        WORK_LEASES.complete(task.leaseId);
    }

    /// @inheritdoc ITaskMarket
    function accept(uint256 taskId) external {
        Task storage task = _requireState(taskId, TaskState.VERIFYING);
        _requireClient(taskId, task);
        if (task.verification == Verification.CLIENT || !_before(task.challengeEnd)) {
            _finalize(taskId, task, Endings.ACCEPTED);
        } else if (task.reviewEnd != task.challengeEnd) {
            _setReview(taskId, task, task.challengeEnd, Endings.REVIEW_SHORTENED);
        }
    }

    /// @inheritdoc ITaskMarket
    function finalize(uint256 taskId) external timeout {
        Task storage task = _requireState(taskId, TaskState.VERIFYING);
        _requireFrom(task.reviewEnd);
        _finalize(taskId, task, Endings.REVIEW_OVER);
    }

    /// @inheritdoc ITaskMarket
    function workStarted(uint256 taskId, address actor, uint256 leaseId)
        external
        returns (uint256 agentId, uint32 leaseTtl, uint64 deliverBy)
    {
        _requireModule(address(WORK_LEASES));
        Task storage task = _requireState(taskId, TaskState.MATCHED);
        agentId = task.agentId;
        REGISTRY.requireActor(agentId, actor);
        _requireBefore(task.startBy);
        task.state = TaskState.RUNNING;
        task.leaseId = uint48(leaseId);
        return (agentId, uint32(task.windows.window(Packed.LEASE_TTL)), task.deliverBy);
    }

    /// @inheritdoc ITaskMarket
    function workYielded(uint256 taskId) external {
        _requireModule(address(WORK_LEASES));
        _vacate(taskId, _tasks[taskId], Vacancy.YIELDED);
    }

    /// @inheritdoc ITaskMarket
    function workLapsed(uint256 taskId) external {
        _requireModule(address(WORK_LEASES));
        Task storage task = _tasks[taskId];
        // Whoever is late for the delivery has missed it, whichever way that is found out.
        _vacate(taskId, task, _before(task.deliverBy) ? Vacancy.LAPSED : Vacancy.MISSED);
    }

    /// @inheritdoc IDisputable
    function challenge(uint256 taskId, uint8 kind, uint256 disputeId, uint256 challengerId, address challenger)
        external
        returns (Challenge memory)
    {
        _requireModule(DISPUTES);
        require(kind >= WRONG_RESULT && kind <= COLLUSION, KindUnknown(kind));
        Task storage task = _requireState(taskId, TaskState.VERIFYING);
        _requireBefore(task.reviewEnd);
        require(task.ruledKinds & (1 << kind) == 0, KindAlreadyRuled(taskId, kind));
        bool clientAlone = challengerId == 0 || kind == POOR_QUALITY
            || (kind == WRONG_RESULT && task.verification == Verification.CLIENT);
        require(!clientAlone || challenger == task.client, OnlyClient(taskId, challenger));
        task.state = TaskState.DISPUTED;
        task.disputeId = uint64(disputeId);
        task.ruledKinds |= uint8(1 << kind);
        emit TaskDisputed(taskId, disputeId, kind);
        return Challenge({
            respondentId: task.agentId,
            principal: task.client,
            pledge: Accounts.atRisk(Pledge.TASK, taskId),
            bond: _disputeBond(task, kind),
            deterministic: kind == WRONG_RESULT || kind == BAD_RECEIPT
        });
    }

    /// @inheritdoc IDisputable
    function rule(uint256 taskId, uint8 kind, uint256 disputeId, uint8 ruling, uint8 cause, uint256) external {
        _requireModule(DISPUTES);
        Task storage task = _requireState(taskId, TaskState.DISPUTED);
        require(task.disputeId == disputeId, WrongDispute(taskId, task.disputeId, disputeId));
        require(ruling >= REJECTED && ruling <= SPLIT, UnknownRuling(ruling));
        uint256 agentId = task.agentId;
        if (ruling == REJECTED) {
            bool withdrawn = cause == Court.WITHDRAWN;
            // Nobody judged it: taking a challenge back must not shut out whoever brings the same kind in earnest.
            if (withdrawn) task.ruledKinds &= ~uint8(1 << kind);
            _resumeReview(taskId, task, withdrawn ? Endings.CHALLENGE_WITHDRAWN : Endings.REVIEW_RESUMED);
        } else if (ruling == SPLIT) {
            task.state = TaskState.FINALIZED;
            task.cause = Endings.SPLIT;
            emit TaskFinalized(taskId, agentId, Endings.SPLIT);
            _settle(taskId, task, task.price / 2);
            _releasePledge(taskId, agentId);
            REPUTATION.add(agentId, task.domain, bytes32(taskId), Causes.DISPUTE_SPLIT, Causes.SPLIT);
        } else {
            task.state = TaskState.CANCELLED;
            task.cause = Endings.BY_COURT;
            emit TaskCancelled(taskId, Endings.BY_COURT);
            _refund(taskId, task, task.maxPrice);
            _releasePledge(taskId, agentId);
            // Collusion costs B once more, now that whatever is left of the pledge is free.
            if (kind == COLLUSION) {
                STAKE.slashBeyondPledge(agentId, _disputeBond(task, kind), bytes32(disputeId));
            }
            REPUTATION.add(agentId, task.domain, bytes32(taskId), Causes.DISPUTE_LOST, Causes.UPHELD);
        }
    }

    /// @dev Back to review, with time enough for another challenge.
    function _resumeReview(uint256 taskId, Task storage task, uint8 cause) private {
        task.state = TaskState.VERIFYING;
        task.challengeEnd = uint40(_now() + task.windows.window(Packed.CHALLENGE));
        uint64 reviewEnd = task.reviewEnd > task.challengeEnd ? task.reviewEnd : task.challengeEnd;
        _setReview(taskId, task, reviewEnd, cause);
    }

    function _setReview(uint256 taskId, Task storage task, uint64 reviewEnd, uint8 cause) private {
        task.reviewEnd = uint40(reviewEnd);
        emit TaskReviewSet(taskId, cause, reviewEnd);
    }

    function _finalize(uint256 taskId, Task storage task, uint8 cause) private {
        uint256 agentId = task.agentId;
        task.state = TaskState.FINALIZED;
        task.cause = cause;
        emit TaskFinalized(taskId, agentId, cause);
        uint256 net = _settle(taskId, task, task.price);
        _releasePledge(taskId, agentId);
        REPUTATION.addCompletion(agentId, task.domain, taskId, net, task.client);
    }

    function _cancel(uint256 taskId, Task storage task, uint8 cause) private {
        task.state = TaskState.CANCELLED;
        task.cause = cause;
        emit TaskCancelled(taskId, cause);
        _clearBoard(taskId, Endings.TASK_CANCELLED);
        _refund(taskId, task, task.maxPrice);
    }

    function _vacateOverdue(uint256 taskId, Task storage task) private {
        if (task.state == TaskState.MATCHED) {
            _requireFrom(task.startBy);
            _vacate(taskId, task, Vacancy.NOT_STARTED);
        } else {
            require(task.state == TaskState.RUNNING, WrongState(taskId, task.state));
            _requireFrom(task.deliverBy);
            _vacate(taskId, task, Vacancy.MISSED);
            WORK_LEASES.release(task.leaseId);
        }
    }

    /// @dev The winner is out and pays for it: the better its behaviour and the sooner, the less.
    function _vacate(uint256 taskId, Task storage task, uint8 cause) private {
        uint256 agentId = task.agentId;
        (uint256 penalty, uint256 toClient) = ADMISSION.failure(
            task.rules, task.windows, task.agentBond, task.startBy, cause, task.state == TaskState.RUNNING
        );
        task.state = TaskState.VACANT;
        task.cause = cause;
        task.agentId = 0;
        task.bidId = 0;
        task.price = 0;
        _failed[taskId][agentId] = true;
        emit TaskVacated(taskId, agentId, task.round, cause);
        bytes32 pledge = Accounts.atRisk(Pledge.TASK, taskId);
        _move(pledge, Accounts.credit(task.client), taskId, toClient, Reasons.PENALTY_CLIENT);
        _move(pledge, Accounts.BURN, taskId, penalty - toClient, Reasons.PENALTY_BURN);
        _releasePledge(taskId, agentId);
        // The causes of the two catalogs are numbered alike from here on.
        if (cause != Vacancy.YIELDED) {
            REPUTATION.add(agentId, task.domain, bytes32(taskId), Causes.FAILURE, cause);
        }
    }

    /// @dev B = ceil(b * m / 10), the multiplier m of the kind in tenths.
    function _disputeBond(Task storage task, uint8 kind) private view returns (uint256) {
        uint256 multiplier = kind == COLLUSION ? 20 : kind == POOR_QUALITY ? 15 : 10;
        return (uint256(task.agentBond / 2) * multiplier + 9) / 10;
    }
}
