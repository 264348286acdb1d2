// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bid, BidState, Task, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Economy } from "../Economy.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";
import { Ops } from "./Ops.sol";

/// @title A market with a fleet of agents, and what must hold at its tasks, bids and boards between any two calls.
abstract contract MarketChecks is Market, Ops {
    uint256 internal constant FLEET = 10;

    uint256[FLEET] internal fleet;

    function setUp() public virtual override(Market, Economy) {
        Market.setUp();
        fund(client, 10_000_000 * CREDITS);
        for (uint256 i; i < FLEET; ++i) {
            fleet[i] = newAgent(person(string.concat("fleet ", vm.toString(i))), 20_000 * CREDITS);
        }
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
