// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Bid,
    BidState,
    Endings,
    ITaskMarket,
    Mode,
    Task,
    TaskState,
    Terms
} from "../../src/interfaces/ITaskMarket.sol";
import { Court } from "../../src/interfaces/IDisputes.sol";
import { WorkLease } from "../../src/interfaces/IWorkLeases.sol";
import { Accounts, Kind } from "../../src/libraries/Accounts.sol";
import { Bidding } from "../../src/libraries/Bidding.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Packed } from "../../src/libraries/Packed.sol";
import { Economy } from "../Economy.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";
import { Ops } from "./Ops.sol";

/// @title The operations of a market: what may be done to a task, a bid, a lease or a stake now, and doing it.
abstract contract MarketOps is Market, Ops {
    using Packed for uint256;

    uint256 internal constant FLEET = 10;
    uint256 internal constant RECENT = 8;
    uint256 internal constant MOST_ROUNDS = 8;

    uint256[FLEET] internal fleet;
    mapping(uint256 bidId => uint256) internal promised;
    uint256 internal disputes;
    mapping(uint256 disputeId => uint8) internal kindOf;

    function setUp() public virtual override(Market, Economy) {
        Market.setUp();
        fund(client, 10_000_000 * CREDITS);
        for (uint256 i; i < FLEET; ++i) {
            fleet[i] = newAgent(person(string.concat("fleet ", vm.toString(i))), 20_000 * CREDITS);
        }
    }

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

/// @title Drives a market of its own through random lives and watches every event.
/// @notice Watch judges event by event; the rest is asked by the invariants.
contract MarketHandler is MarketOps {
    constructor() {
        vm.recordLogs();
        setUp();
        install();
        watch();
        string[31] memory all = [
            "createTask open",
            "createTask sealed",
            "createTask direct",
            "placeBid",
            "placeBid, all who may",
            "commitBid",
            "commitBid again",
            "revealBid",
            "revealBid of another round is refused",
            "withdrawBid",
            "forfeitBid",
            "pick",
            "matchBest",
            "cancel",
            "reopen",
            "vacate",
            "cancelExpired",
            "yieldMatch",
            "start",
            "heartbeat",
            "yield",
            "expire",
            "submit",
            "accept",
            "finalize",
            "challenge",
            "rule",
            "stake",
            "a failed winner is refused",
            "transfer",
            "wait"
        ];
        for (uint256 i; i < all.length; ++i) {
            name(all[i]);
        }
        string[16] memory states = [
            "a task is bidding",
            "a task is matched",
            "a task is running",
            "a task is verifying",
            "a task is disputed",
            "a task is vacant",
            "a task is finalized",
            "a task is cancelled",
            "a bid is committed",
            "a bid is standing",
            "a bid has won",
            "a bid is withdrawn",
            "a bid is outscored",
            "a bid is lost",
            "a bid is forfeited",
            "a bid is returned"
        ];
        for (uint256 i; i < states.length; ++i) {
            expectState(states[i]);
        }
    }

    function look() internal override {
        uint256 last = market.taskCount();
        for (uint256 taskId = last; taskId != 0 && last - taskId < RECENT; --taskId) {
            ++seen[uint256(market.stateOf(taskId)) - 1];
        }
        last = market.bidCount();
        for (uint256 bidId = last; bidId != 0 && last - bidId < RECENT; --bidId) {
            ++seen[uint256(type(TaskState).max) + uint256(market.bidOf(bidId).state) - 1];
        }
    }

    function perform(uint256 op, uint256 pick, uint256 value) internal override returns (bool) {
        if (op < 3) return createSome(op == 0 ? Mode.OPEN : op == 1 ? Mode.SEALED : Mode.DIRECT, pick, value);
        if (op < 5) return placeSome(pick, value, op == 4);
        if (op < 7) return commitSome(pick, value);
        if (op < 11) return touchBid(op, pick);
        if (op < 17) return decide(op, pick, value);
        if (op < 25) return work(op, pick);
        if (op < 27) return judge(op, pick, value);
        if (op == 27) return touchStake(pick, value);
        if (op == 28) return refuseFailed(pick, value);
        if (op == 29) return transfer(pick, value);
        return wait_(pick, value);
    }

    /// @dev One bid, or one of every agent that may: then the board is full, and who comes after pushes somebody off.
    function placeSome(uint256 pick, uint256 value, bool all) private returns (bool some) {
        uint256 taskId = find(canPlace, pick);
        if (taskId == 0) return false;
        Task memory task = market.taskOf(taskId);
        for (uint256 i; i < FLEET && (all || !some); ++i) {
            uint256 agentId = fleet[addmod(value, i, FLEET)];
            if (!mayBid(task, taskId, agentId)) continue;
            if (placeOne(task, taskId, agentId, uint256(keccak256(abi.encode(value, i))))) some = true;
            if (task.mode == Mode.DIRECT) break;
        }
    }

    function placeOne(Task memory task, uint256 taskId, uint256 agentId, uint256 value) private returns (bool) {
        bool full = market.boardOf(taskId)[Board.SIZE - 1] != 0;
        uint256 price = bound(value >> 16, 1, task.maxPrice);
        vm.prank(registry.ownerOf(agentId));
        try market.placeBid(taskId, agentId, price, 60, bytes32(value)) {
            watch();
            return true;
        } catch (bytes memory reason) {
            vm.assertTrue(full && bytes4(reason) == ITaskMarket.BidTooLow.selector, "a bid is refused");
            overlook();
            return false;
        }
    }

    function commitSome(uint256 pick, uint256 value) private returns (bool) {
        uint256 taskId = find(canCommit, pick);
        if (taskId == 0) return false;
        Task memory task = market.taskOf(taskId);
        uint256 agentId = bidder(task, taskId, value);
        if (agentId == 0) return false;
        uint256 price = bound(value >> 16, 1, task.maxPrice);
        bytes32 commitment = market.commitmentOf(taskId, task.round, agentId, price, 60, 0, "salt");
        vm.prank(registry.ownerOf(agentId));
        promised[market.commitBid(taskId, agentId, commitment)] = price;
        return true;
    }

    function touchBid(uint256 op, uint256 pick) private returns (bool) {
        uint256 bidId = op == 7
            ? findBid(canReveal, pick)
            : op == 8 ? findBid(isOld, pick) : op == 9 ? findBid(canWithdraw, pick) : findBid(canForfeit, pick);
        if (bidId == 0) return false;
        Bid memory bid = market.bidOf(bidId);
        address owner = registry.ownerOf(bid.agentId);
        if (op == 7) {
            vm.prank(owner);
            market.revealBid(bidId, promised[bidId], 60, 0, "salt");
        } else if (op == 8) {
            uint16 round = market.taskOf(bid.taskId).round;
            // In the reveal window of a later round, where everything else about the reveal is right.
            if (block.timestamp < market.taskOf(bid.taskId).commitEnd) vm.warp(market.taskOf(bid.taskId).commitEnd);
            vm.expectRevert(abi.encodeWithSelector(ITaskMarket.BidOfAnotherRound.selector, bidId, bid.round, round));
            vm.prank(owner);
            market.revealBid(bidId, promised[bidId], 60, 0, "salt");
        } else if (op == 9) {
            vm.prank(owner);
            market.withdrawBid(bidId);
        } else {
            market.forfeitBid(bidId);
        }
        return true;
    }

    function decide(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 taskId = op == 11
            ? find(canPick, pick)
            : op == 12
                ? find(canMatch, pick)
                : op == 13
                    ? find(canCancel, pick)
                    : op == 14 ? find(canReopen, pick) : op == 15 ? find(overdue, pick) : find(isHopeless, pick);
        // Whoever cancels at every chance lets no task live.
        if (taskId == 0 || (op == 13 && value % 4 != 0)) return false;
        if (op == 11) {
            uint256[8] memory rows = market.boardOf(taskId);
            uint256 row = value % 8;
            while (rows[row] == 0) --row;
            vm.prank(client);
            market.pick(taskId, Board.bidIdOf(rows[row]));
        } else if (op == 12) {
            market.matchBest(taskId);
        } else if (op == 13) {
            vm.prank(client);
            market.cancel(taskId);
        } else if (op == 14) {
            market.reopen(taskId);
        } else if (op == 15) {
            market.vacate(taskId);
        } else {
            market.cancelExpired(taskId);
        }
        return true;
    }

    function work(uint256 op, uint256 pick) private returns (bool) {
        uint256 taskId = op < 19
            ? find(canStart, pick)
            : op < 21
                ? find(holds, pick)
                : op == 21
                    ? find(hasLapsed, pick)
                    : op == 22 ? find(canSubmit, pick) : op == 23 ? find(isVerifying, pick) : find(isReviewed, pick);
        // Most winners start, most of them go on, and most clients say nothing about what they got.
        if (taskId == 0 || ((op == 17 || op == 20 || op == 23) && pick % 3 != 0)) return false;
        Task memory task = market.taskOf(taskId);
        address owner = registry.ownerOf(task.agentId);
        if (op == 17) {
            vm.prank(owner);
            market.yieldMatch(taskId);
        } else if (op == 18) {
            vm.prank(owner);
            leases.start(taskId);
        } else if (op == 19) {
            vm.prank(owner);
            leases.heartbeat(task.leaseId, bytes32(pick));
        } else if (op == 20) {
            vm.prank(owner);
            leases.yield(task.leaseId);
        } else if (op == 21) {
            leases.expire(task.leaseId);
        } else if (op == 22) {
            vm.prank(owner);
            market.submit(taskId, bytes32(pick), RECEIPT, "ipfs://result");
        } else if (op == 23) {
            vm.prank(client);
            market.accept(taskId);
        } else {
            market.finalize(taskId);
        }
        return true;
    }

    function judge(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 taskId = op == 25 ? find(canDispute, pick) : find(isDisputed, pick);
        if (taskId == 0) return false;
        Task memory task = market.taskOf(taskId);
        if (op == 25) {
            uint8 kind = uint8(1 + value % 4);
            while (task.ruledKinds & (1 << kind) != 0) kind = kind % 4 + 1;
            kindOf[++disputes] = kind;
            dispute(taskId, kind, disputes);
        } else {
            uint8 ruling = uint8(1 + value % 3);
            settleBond(taskId, task.disputeId, ruling);
            uint8 cause = ruling == Court.REJECT && value % 2 == 0 ? Court.WITHDRAWN : Court.RULED;
            tell(taskId, kindOf[task.disputeId], task.disputeId, ruling, cause);
        }
        return true;
    }

    function touchStake(uint256 pick, uint256 value) private returns (bool) {
        uint256 agentId = fleet[pick % FLEET];
        uint256[] memory ids = stake.unbondingsOf(agentId);
        uint256 free = balance(Accounts.stake(agentId));
        if (ids.length != 0 && block.timestamp >= stake.unbondingOf(ids[0]).releaseAt) {
            stake.release(ids[0]);
        } else if (value % 3 == 0 && free != 0 && ids.length < 8) {
            vm.prank(registry.ownerOf(agentId));
            stake.unbond(agentId, bound(value >> 8, 1, free / 4 + 1));
        } else {
            bondAgent(agentId, bound(value >> 8, 1, 5_000 * CREDITS));
        }
        return true;
    }

    /// @dev Whoever has failed a task may neither bid there nor commit to a bid.
    function refuseFailed(uint256 pick, uint256 value) private returns (bool) {
        uint256 taskId = find(value % 2 == 0 ? canPlace : canCommit, pick);
        if (taskId == 0) return false;
        Mode mode = market.taskOf(taskId).mode;
        for (uint256 i; i < FLEET; ++i) {
            uint256 agentId = fleet[i];
            if (!market.hasFailed(taskId, agentId) || mode == Mode.DIRECT) continue;
            address owner = registry.ownerOf(agentId);
            vm.expectRevert(abi.encodeWithSelector(ITaskMarket.FailedBefore.selector, taskId, agentId));
            vm.prank(owner);
            if (mode == Mode.OPEN) market.placeBid(taskId, agentId, 1, 60, 0);
            else market.commitBid(taskId, agentId, "commitment");
            return true;
        }
        return false;
    }

    function transfer(uint256 pick, uint256 value) private returns (bool) {
        uint256 agentId = fleet[pick % FLEET];
        if (registry.locksOf(agentId) != 0) return false;
        address owner = registry.ownerOf(agentId);
        address buyer = person(string.concat("buyer ", vm.toString(value % 5)));
        vm.prank(owner);
        registry.transferFrom(owner, buyer, agentId);
        return true;
    }

    /// @dev To the next moment of a task, or a little.
    function wait_(uint256 pick, uint256 value) private returns (bool) {
        uint256 last = market.taskCount();
        uint256 moment;
        if (last != 0 && value % 3 != 0) {
            uint256 taskId = last - pick % (last < RECENT ? last : RECENT);
            moment = nextMoment(market.taskOf(taskId), value % 16 < 3);
        }
        if (value % 64 == 0) moment = block.timestamp + 14 days;
        vm.warp(moment > block.timestamp ? moment : block.timestamp + value % 100);
        return true;
    }

    /// @dev Money of a task by its state: the whole escrow until the end, nothing afterwards; likewise the pledge.
    function assertTaskMoney() external view {
        for (uint256 taskId = market.taskCount(); taskId != 0; --taskId) {
            TaskState state = market.stateOf(taskId);
            bool ended = state == TaskState.FINALIZED || state == TaskState.CANCELLED;
            uint256 expected = ended ? 0 : market.taskOf(taskId).maxPrice;
            vm.assertEq(balance(Accounts.task(taskId)), expected, "escrow of a task");
            bool pledged = state == TaskState.MATCHED || state == TaskState.RUNNING || state == TaskState.VERIFYING
                || state == TaskState.DISPUTED;
            if (!pledged) {
                vm.assertEq(balance(pledgeOf(taskId)), 0, "pledge of a task without an agent");
            } else if (state != TaskState.DISPUTED) {
                vm.assertGe(balance(pledgeOf(taskId)), market.taskOf(taskId).agentBond, "pledge of an agent");
            }
        }
    }

    /// @dev A lock exists exactly while its bid is committed or standing.
    function assertBidMoney() external view {
        for (uint256 bidId = market.bidCount(); bidId != 0; --bidId) {
            Bid memory bid = market.bidOf(bidId);
            uint256 lock = balance(Accounts.bid(bid.taskId, bid.round, bid.agentId));
            if (bid.state == BidState.COMMITTED || bid.state == BidState.STANDING) {
                vm.assertGe(lock, market.taskOf(bid.taskId).agentBond, "lock of a bid");
            }
        }
    }

    /// @dev A row of the board: its bid stands in the task's own round, it is its agent's only one, no agent on it has
    ///      failed the task, and the better row is above. No board outlives its round.
    function assertBoards() external view {
        for (uint256 taskId = market.taskCount(); taskId != 0; --taskId) {
            Task memory task = market.taskOf(taskId);
            uint256[8] memory rows = market.boardOf(taskId);
            if (task.state != TaskState.BIDDING) vm.assertEq(rows[0], 0, "a board without a round");
            for (uint256 i; i < rows.length && rows[i] != 0; ++i) {
                Bid memory bid = market.bidOf(Board.bidIdOf(rows[i]));
                vm.assertEq(uint256(bid.round), task.round, "the round of a row is the task's");
                vm.assertEq(uint256(bid.taskId), taskId, "the task of a row");
                vm.assertEq(uint256(bid.state), uint256(BidState.STANDING), "a row stands");
                vm.assertFalse(market.hasFailed(taskId, bid.agentId), "no failed winner on the board");
                for (uint256 k; k < i; ++k) {
                    vm.assertGt(rows[k], rows[i], "the better row is above");
                    uint256 other = market.bidOf(Board.bidIdOf(rows[k])).agentId;
                    vm.assertTrue(other != bid.agentId, "one row for each agent");
                }
            }
        }
    }

    function assertLocks() external view {
        uint256 locks;
        uint256 busy;
        for (uint256 agentId = registry.agentCount(); agentId != 0; --agentId) {
            locks += registry.locksOf(agentId);
        }
        for (uint256 taskId = market.taskCount(); taskId != 0; --taskId) {
            if (market.taskOf(taskId).agentId == 0) continue;
            TaskState state = market.stateOf(taskId);
            if (state != TaskState.FINALIZED && state != TaskState.CANCELLED) ++busy;
        }
        vm.assertEq(locks, busy + pool.memberCount(), "locks of agents");
    }

    /// @dev The market, the stake and the workflows debit every kind that they may, and no other.
    function assertLeastPrivilege() external view {
        assertDebits(wiring.taskMarket);
    }
}
