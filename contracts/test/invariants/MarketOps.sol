// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bid, BidState, Endings, Mode, Task, TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { WorkLease } from "../../src/interfaces/IWorkLeases.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Bidding } from "../../src/libraries/Bidding.sol";
import { Packed } from "../../src/libraries/Packed.sol";
import { MarketChecks } from "./MarketChecks.sol";

/// @title What may be done to a task, a bid, a lease or a stake now, and how an operation finds its object.
abstract contract MarketOps is MarketChecks {
    using Packed for uint256;

    uint256 internal constant RECENT = 8;
    uint256 internal constant MOST_ROUNDS = 8;

    mapping(uint256 bidId => uint256) internal promised;
    uint256 internal disputes;
    mapping(uint256 disputeId => uint8) internal kindOf;

    /// @dev The task among the last few that the operation fits, the first from `pick` on; 0 when none does.
    function find(function(Task memory, uint256) internal view returns (bool) fits, uint256 pick)
        internal
        view
        returns (uint256)
    {
        uint256 last = market.taskCount();
        uint256 count = last < RECENT ? last : RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 taskId = last - addmod(pick, i, count);
            if (fits(market.taskOf(taskId), taskId)) return taskId;
        }
        return 0;
    }

    /// @dev Likewise among the last bids.
    function findBid(function(Bid memory, Task memory) internal view returns (bool) fits, uint256 pick)
        internal
        view
        returns (uint256)
    {
        uint256 last = market.bidCount();
        uint256 count = last < 4 * RECENT ? last : 4 * RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 bidId = last - addmod(pick, i, count);
            Bid memory bid = market.bidOf(bidId);
            if (fits(bid, market.taskOf(bid.taskId))) return bidId;
        }
        return 0;
    }

    /// @dev A market that has enough to do takes a new task seldom: otherwise none lives long.
    function createSome(Mode mode, uint256 pick, uint256 value) internal returns (bool) {
        if (isBusy() && value % 8 != 0) return false;
        Terms memory t = terms(mode);
        t.verification = uint8(value % 2);
        t.maxPrice = CREDITS * bound(value >> 8, 50, 2_000);
        t.agentBond = t.maxPrice / 4 < 10 * CREDITS ? 10 * CREDITS : t.maxPrice / 4;
        t.minReputation = -1_000_000e6;
        t.startWindow = uint32(bound(value >> 32, 60, 2 hours));
        t.deliverWindow = uint32(bound(value >> 64, 600, 1 days));
        t.expiresAt = uint64(block.timestamp + 900 + 600 + 2 * t.startWindow + t.deliverWindow + bound(pick, 0, 1 days));
        uint256 named = mode == Mode.DIRECT ? fleet[pick % FLEET] : 0;
        if (value % 5 == 0) createStep(t, named);
        else create(named, t);
        return true;
    }

    function isBusy() private view returns (bool) {
        uint256 live;
        uint256 last = market.taskCount();
        for (uint256 taskId = last; taskId != 0 && last - taskId < RECENT; --taskId) {
            TaskState state = market.stateOf(taskId);
            if (state != TaskState.FINALIZED && state != TaskState.CANCELLED) ++live;
        }
        return live > RECENT / 2;
    }

    function lockNeeded(Task memory task, uint256 agentId) internal view returns (uint256) {
        uint256 strikes = reputation.strikesOf(agentId);
        return uint256(task.agentBond) << (strikes > 2 ? 2 : strikes);
    }

    function mayBid(Task memory task, uint256 taskId, uint256 agentId) internal view returns (bool) {
        return (task.named == 0 || task.named == agentId) && !market.hasFailed(taskId, agentId)
            && balance(Accounts.bid(taskId, task.round, agentId)) == 0
            && balance(Accounts.stake(agentId)) >= lockNeeded(task, agentId) && registry.ownerOf(agentId) != client;
    }

    function bidder(Task memory task, uint256 taskId, uint256 pick) internal view returns (uint256) {
        for (uint256 i; i < FLEET; ++i) {
            uint256 agentId = fleet[addmod(pick, i, FLEET)];
            if (mayBid(task, taskId, agentId)) return agentId;
        }
        return 0;
    }

    function bidding(Task memory task) private view returns (bool) {
        return task.state == TaskState.BIDDING && block.timestamp < task.commitEnd;
    }

    function fitsNow(Task memory task) private view returns (bool) {
        return
            block.timestamp + task.windows.window(Packed.START) + task.windows.window(Packed.DELIVER) <= task.expiresAt;
    }

    function canPlace(Task memory task, uint256) internal view returns (bool) {
        return bidding(task) && task.mode != Mode.SEALED && (task.mode == Mode.OPEN || fitsNow(task));
    }

    function canCommit(Task memory task, uint256) internal view returns (bool) {
        return bidding(task) && task.mode == Mode.SEALED;
    }

    function canPick(Task memory task, uint256 taskId) internal view returns (bool) {
        return bidding(task) && task.mode == Mode.OPEN && fitsNow(task) && market.boardOf(taskId)[0] != 0;
    }

    function over(Task memory task) private view returns (bool) {
        return task.state == TaskState.BIDDING && block.timestamp >= task.revealEnd;
    }

    function canMatch(Task memory task, uint256 taskId) internal view returns (bool) {
        return over(task) && market.boardOf(taskId)[0] != 0 && fitsNow(task);
    }

    function canCancel(Task memory task, uint256) internal pure returns (bool) {
        return task.state == TaskState.BIDDING || task.state == TaskState.VACANT;
    }

    function overdue(Task memory task, uint256) internal view returns (bool) {
        return (task.state == TaskState.MATCHED && block.timestamp >= task.startBy)
            || (task.state == TaskState.RUNNING && block.timestamp >= task.deliverBy);
    }

    /// @dev Whether another round still fits.
    function anotherRound(Task memory task) private view returns (bool) {
        return task.round < MOST_ROUNDS
            && block.timestamp + Bidding.roundLength(task.windows, task.round + 1) <= task.expiresAt;
    }

    function canReopen(Task memory task, uint256 taskId) internal view returns (bool) {
        if (!anotherRound(task)) return false;
        if (over(task)) return market.boardOf(taskId)[0] == 0;
        return task.mode != Mode.DIRECT && (task.state == TaskState.VACANT || overdue(task, taskId));
    }

    function isHopeless(Task memory task, uint256 taskId) internal view returns (bool) {
        if (over(task) && market.boardOf(taskId)[0] != 0) return !fitsNow(task);
        if (over(task)) return !anotherRound(task);
        if (task.state != TaskState.VACANT && !overdue(task, taskId)) return false;
        return task.mode == Mode.DIRECT || !anotherRound(task);
    }

    function canStart(Task memory task, uint256) internal view returns (bool) {
        return task.state == TaskState.MATCHED && block.timestamp < task.startBy;
    }

    function holds(Task memory task, uint256) internal view returns (bool) {
        return task.state == TaskState.RUNNING && block.timestamp < leases.leaseOf(task.leaseId).expiresAt;
    }

    function hasLapsed(Task memory task, uint256) internal view returns (bool) {
        if (task.state != TaskState.RUNNING) return false;
        return block.timestamp >= leases.leaseOf(task.leaseId).expiresAt + task.windows.window(Packed.GRACE);
    }

    function canSubmit(Task memory task, uint256) internal view returns (bool) {
        return task.state == TaskState.RUNNING && block.timestamp < task.expiresAt;
    }

    function isVerifying(Task memory task, uint256) internal pure returns (bool) {
        return task.state == TaskState.VERIFYING;
    }

    function isReviewed(Task memory task, uint256) internal view returns (bool) {
        return task.state == TaskState.VERIFYING && block.timestamp >= task.reviewEnd;
    }

    function canDispute(Task memory task, uint256) internal view returns (bool) {
        return task.state == TaskState.VERIFYING && block.timestamp < task.reviewEnd && task.ruledKinds != 30;
    }

    function isDisputed(Task memory task, uint256) internal pure returns (bool) {
        return task.state == TaskState.DISPUTED;
    }

    function canReveal(Bid memory bid, Task memory task) internal view returns (bool) {
        return bid.state == BidState.COMMITTED && bid.round == task.round && task.state == TaskState.BIDDING
            && block.timestamp >= task.commitEnd && block.timestamp < task.revealEnd;
    }

    function isOld(Bid memory bid, Task memory task) internal view returns (bool) {
        return bid.state == BidState.COMMITTED && bid.round < task.round && task.state == TaskState.BIDDING
            && block.timestamp < task.revealEnd;
    }

    function canWithdraw(Bid memory bid, Task memory task) internal view returns (bool) {
        uint256 length = Bidding.window(task.windows.window(Packed.BID), task.round);
        return
            bid.state == BidState.STANDING && task.mode == Mode.OPEN
                && block.timestamp < task.commitEnd - (length + 1) / 2;
    }

    function canForfeit(Bid memory bid, Task memory task) internal view returns (bool) {
        if (bid.state != BidState.COMMITTED) return false;
        bool cancelled = task.state == TaskState.CANCELLED && task.cause == Endings.BY_CLIENT;
        return bid.round != task.round || cancelled || block.timestamp >= task.revealEnd;
    }

    /// @dev The next moment at which something about the task changes; 0 when there is none to wait for.
    function nextMoment(Task memory task, bool far) internal view returns (uint256) {
        if (task.state == TaskState.BIDDING) {
            return block.timestamp < task.commitEnd ? task.commitEnd : far ? task.expiresAt : task.revealEnd;
        }
        if (task.state == TaskState.MATCHED) return task.startBy;
        if (task.state == TaskState.RUNNING) {
            WorkLease memory lease = leases.leaseOf(task.leaseId);
            return far ? task.deliverBy : lease.expiresAt + task.windows.window(Packed.GRACE);
        }
        if (task.state == TaskState.VERIFYING) return far ? task.reviewEnd : task.challengeEnd;
        return task.state == TaskState.VACANT && far ? task.expiresAt : 0;
    }
}
