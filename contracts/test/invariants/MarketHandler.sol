// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bid, ITaskMarket, Mode, Task, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Court } from "../../src/interfaces/IDisputes.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Board } from "../../src/libraries/Board.sol";
import { vm } from "../Vm.sol";
import { MarketOps } from "./MarketOps.sol";

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
}
