// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BidState, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Economy } from "../Economy.sol";
import { MarketDriver } from "../MarketDriver.sol";
import { vm } from "../Vm.sol";
import { Watch } from "./Watch.sol";

/// @title Drives a market of its own through random lives and watches every event.
/// @notice Watch judges event by event; the rest is asked by the invariants.
contract MarketHandler is MarketDriver, Watch {
    mapping(TaskState state => uint256) public statesSeen;
    mapping(BidState state => uint256) public bidStatesSeen;

    function setUp() public override(MarketDriver, Economy) {
        super.setUp();
    }

    constructor() {
        vm.recordLogs();
        setUp();
        watch();
    }

    function act(uint256 seed) external {
        vm.recordLogs();
        step(seed);
        watch();
        for (uint256 taskId = market.taskCount(); taskId != 0; --taskId) {
            ++statesSeen[market.stateOf(taskId)];
        }
        for (uint256 bidId = market.bidCount(); bidId != 0; --bidId) {
            ++bidStatesSeen[market.bidOf(bidId).state];
        }
    }

    function count(bytes32 action) external view returns (uint256) {
        return done[action];
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
            BidState state = market.bidOf(bidId).state;
            uint16 round = market.bidOf(bidId).round;
            uint256 taskId = market.bidOf(bidId).taskId;
            uint256 lock = balance(Accounts.bid(taskId, round, market.bidOf(bidId).agentId));
            if (state == BidState.COMMITTED || state == BidState.STANDING) {
                vm.assertGe(lock, market.taskOf(taskId).agentBond, "lock of a bid");
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

    function attempt(address from, address target, bytes memory data) internal override returns (bool done_) {
        watch();
        done_ = super.attempt(from, target, data);
        if (!done_) overlook();
    }

    function warpTo(uint256 time, bytes32 action) internal override {
        watch();
        super.warpTo(time, action);
    }

    function skip(uint256 seconds_) internal override {
        watch();
        super.skip(seconds_);
    }
}
