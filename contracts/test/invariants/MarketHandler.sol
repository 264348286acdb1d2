// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BidState, ITaskMarket, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkLeases } from "../../src/interfaces/IWorkLeases.sol";
import { Accounts, Kind } from "../../src/libraries/Accounts.sol";
import { MarketDriver } from "../MarketDriver.sol";
import { vm, Vm } from "../Vm.sol";

/// @title Drives a market of its own through random lives and watches every event.
/// @notice What can be judged by one event at a time is judged here, when it happens; the rest is asked by the
///         invariants. `balances` is the fold of Moved alone.
contract MarketHandler is MarketDriver {
    mapping(bytes32 account => uint256) public balances;
    bytes32[] public accounts;
    mapping(bytes32 account => bool) internal _known;

    mapping(uint256 taskId => uint16) internal _openedRound;
    mapping(uint256 taskId => uint16) internal _matchedRound;
    mapping(uint256 taskId => bool) internal _ended;
    mapping(uint256 taskId => uint256) internal _liveLease;
    mapping(uint256 leaseId => uint64) internal _expiry;
    mapping(uint256 leaseId => uint256) internal _taskOfLease;
    mapping(uint256 leaseId => uint64) internal _seq;

    mapping(TaskState state => uint256) public statesSeen;
    mapping(BidState state => uint256) public bidStatesSeen;

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

    function vaultBalance(bytes32 account) external view returns (uint256) {
        return vault.balanceOf(account);
    }

    function tokensInVault() external view returns (uint256) {
        return credit.balanceOf(wiring.vault);
    }

    function accountCount() external view returns (uint256) {
        return accounts.length;
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
        if (!done_) vm.getRecordedLogs();
    }

    function warpTo(uint256 time, bytes32 action) internal override {
        watch();
        super.warpTo(time, action);
    }

    function skip(uint256 seconds_) internal override {
        watch();
        super.skip(seconds_);
    }

    function watch() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == wiring.vault) watchMove(logs[i]);
            else if (logs[i].emitter == wiring.taskMarket) watchTask(logs[i]);
            else if (logs[i].emitter == wiring.workLeases) watchLease(logs[i]);
        }
    }

    function watchMove(Vm.Log memory log) private {
        if (log.topics[0] != IVault.Moved.selector) return;
        (uint256 amount,) = abi.decode(log.data, (uint256, uint8));
        vm.assertGt(amount, 0, "a move of nothing");
        if (Accounts.kindOf(log.topics[1]) != Kind.EXTERNAL) balances[log.topics[1]] -= amount;
        if (Accounts.kindOf(log.topics[2]) != Kind.EXTERNAL) balances[log.topics[2]] += amount;
        for (uint256 i = 1; i < 3; ++i) {
            if (_known[log.topics[i]] || Accounts.kindOf(log.topics[i]) == Kind.EXTERNAL) continue;
            _known[log.topics[i]] = true;
            accounts.push(log.topics[i]);
        }
    }

    function watchTask(Vm.Log memory log) private {
        uint256 taskId = uint256(log.topics[1]);
        bytes32 topic = log.topics[0];
        if (topic == ITaskMarket.BidLost.selector) return;
        vm.assertFalse(_ended[taskId], "nothing happens to a task after its end");
        if (topic == ITaskMarket.BiddingOpened.selector) {
            (uint16 round,,,) = abi.decode(log.data, (uint16, uint8, uint64, uint64));
            vm.assertEq(round, _openedRound[taskId] + 1, "rounds increase by one");
            _openedRound[taskId] = round;
        } else if (topic == ITaskMarket.TaskMatched.selector) {
            (uint16 round,,) = abi.decode(log.data, (uint16, uint64, uint64));
            vm.assertEq(round, _openedRound[taskId], "the match is of the open round");
            vm.assertGt(round, _matchedRound[taskId], "a round is matched once");
            _matchedRound[taskId] = round;
        } else if (topic == ITaskMarket.TaskFinalized.selector || topic == ITaskMarket.TaskCancelled.selector) {
            _ended[taskId] = true;
        }
    }

    function watchLease(Vm.Log memory log) private {
        uint256 leaseId = uint256(log.topics[1]);
        if (log.topics[0] == IWorkLeases.WorkLeaseStarted.selector) {
            uint256 taskId = uint256(log.topics[2]);
            vm.assertEq(_liveLease[taskId], 0, "one live lease per task");
            _liveLease[taskId] = leaseId;
            _taskOfLease[leaseId] = taskId;
            (_expiry[leaseId],) = abi.decode(log.data, (uint64, uint32));
        } else if (log.topics[0] == IWorkLeases.WorkLeaseHeartbeat.selector) {
            (uint64 seq, uint64 expiresAt,) = abi.decode(log.data, (uint64, uint64, bytes32));
            vm.assertEq(seq, ++_seq[leaseId], "heartbeats are counted");
            vm.assertLt(block.timestamp, _expiry[leaseId]);
            vm.assertGe(expiresAt, _expiry[leaseId], "a lease is never shortened");
            vm.assertLe(expiresAt, market.taskOf(_taskOfLease[leaseId]).deliverBy, "nor longer than its limit");
            _expiry[leaseId] = expiresAt;
        } else {
            vm.assertEq(_liveLease[_taskOfLease[leaseId]], leaseId, "a lease ends once");
            _liveLease[_taskOfLease[leaseId]] = 0;
        }
    }
}
