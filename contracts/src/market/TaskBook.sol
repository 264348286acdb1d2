// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bid, BidState, ITaskMarket, Task, TaskState } from "../interfaces/ITaskMarket.sol";
import { IReputation } from "../interfaces/IReputation.sol";
import { IStake } from "../interfaces/IStake.sol";
import { IWorkflows } from "../interfaces/IWorkflows.sol";
import { IWorkLeases } from "../interfaces/IWorkLeases.sol";
import { Accounts, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { Packed } from "../libraries/Packed.sol";
import { Admission } from "./Admission.sol";
import { BehindDoor } from "./BehindDoor.sol";

/// @notice What the task market keeps, how it is read, and how a task's money ends.
/// @dev Always holds: a task's account holds maxPrice until its terminal state and nothing after; the pledge account
///      holds money only between a match and its end; a bid account holds the lock of a committed or standing bid.
abstract contract TaskBook is ITaskMarket, BehindDoor {
    using Packed for uint256;

    uint256 internal constant BPS = 10_000;

    IStake internal immutable STAKE;
    IReputation internal immutable REPUTATION;
    IWorkLeases internal immutable WORK_LEASES;
    IWorkflows internal immutable WORKFLOWS;
    address internal immutable DISPUTES;
    Admission internal immutable ADMISSION;

    uint64 internal _taskCount;
    uint64 internal _bidCount;
    mapping(uint256 taskId => Task) internal _tasks;
    mapping(uint256 bidId => Bid) internal _bids;
    mapping(uint256 taskId => uint256[8]) internal _boards;
    mapping(uint256 taskId => mapping(uint256 agentId => bool)) internal _failed;

    constructor(Wiring memory wiring) BehindDoor(wiring, "taskMarket") {
        STAKE = IStake(wiring.stake);
        REPUTATION = IReputation(wiring.reputation);
        WORK_LEASES = IWorkLeases(wiring.workLeases);
        WORKFLOWS = IWorkflows(wiring.workflows);
        DISPUTES = wiring.disputes;
        ADMISSION = new Admission(wiring);
    }

    /// @inheritdoc ITaskMarket
    function taskOf(uint256 taskId) external view returns (Task memory) {
        return _tasks[taskId];
    }

    /// @inheritdoc ITaskMarket
    function stateOf(uint256 taskId) external view returns (TaskState) {
        return _tasks[taskId].state;
    }

    /// @inheritdoc ITaskMarket
    function resultOf(uint256 taskId)
        external
        view
        returns (uint256 agentId, bytes32 specHash, bytes32 resultHash, bytes32 receiptHash)
    {
        Task storage task = _tasks[taskId];
        return (task.agentId, task.specHash, task.resultHash, task.receiptHash);
    }

    /// @inheritdoc ITaskMarket
    function leaseTermsOf(uint256 taskId) external view returns (uint32 grace, uint64 deliverBy) {
        Task storage task = _tasks[taskId];
        return (uint32(task.windows.window(Packed.GRACE)), task.deliverBy);
    }

    /// @inheritdoc ITaskMarket
    function bidOf(uint256 bidId) external view returns (Bid memory) {
        return _bids[bidId];
    }

    /// @inheritdoc ITaskMarket
    function boardOf(uint256 taskId) external view returns (uint256[8] memory) {
        return _boards[taskId];
    }

    /// @inheritdoc ITaskMarket
    function hasFailed(uint256 taskId, uint256 agentId) external view returns (bool) {
        return _failed[taskId][agentId];
    }

    /// @inheritdoc ITaskMarket
    function taskCount() external view returns (uint256) {
        return _taskCount;
    }

    /// @inheritdoc ITaskMarket
    function bidCount() external view returns (uint256) {
        return _bidCount;
    }

    /// @dev Outside its callers, as the two after it, so that the refusal is in the bytecode once.
    function _requireModule(address module) internal view {
        require(msg.sender == module, OnlyModule(msg.sender));
    }

    function _requireMode(uint256 taskId, Task storage task, bool allowed) internal view {
        require(allowed, WrongMode(taskId, task.mode));
    }

    function _requireKnown(uint256 taskId, TaskState found) internal pure {
        require(found != TaskState.NONE, UnknownTask(taskId));
    }

    function _requireState(uint256 taskId, TaskState needed) internal view returns (Task storage task) {
        task = _tasks[taskId];
        TaskState found = task.state;
        _requireKnown(taskId, found);
        require(found == needed, WrongState(taskId, found));
    }

    function _requireClient(uint256 taskId, Task storage task) internal view {
        address caller = _msgSender();
        require(caller == task.client, OnlyClient(taskId, caller));
    }

    function _requireBid(uint256 bidId, BidState needed) internal view returns (Bid storage bid) {
        bid = _bids[bidId];
        require(bid.state == needed, WrongBidState(bidId, bid.state));
    }

    /// @dev A bid's lock, or what a penalty has left of it, goes home.
    function _returnLock(Bid storage bid) internal {
        bytes32 lock = Accounts.bid(bid.taskId, bid.round, bid.agentId);
        _move(lock, Accounts.stake(bid.agentId), bid.taskId, VAULT.balanceOf(lock), Reasons.BID_RELEASE);
    }

    /// @dev What is left of the pledge goes home, and the agent may be transferred again.
    function _releasePledge(uint256 taskId, uint256 agentId) internal {
        bytes32 pledge = Accounts.atRisk(Pledge.TASK, taskId);
        _move(pledge, Accounts.stake(agentId), taskId, VAULT.balanceOf(pledge), Reasons.BOND_RELEASE);
        REGISTRY.unlock(agentId);
    }

    /// @dev The escrow, or what payment has left of it, goes back to whoever put it up.
    function _refund(uint256 taskId, Task storage task, uint256 amount) internal {
        bytes32 home = task.funding;
        if (home == 0 || !WORKFLOWS.isOpen(Accounts.idOf(home))) home = Accounts.credit(task.client);
        _move(Accounts.task(taskId), home, taskId, amount, Reasons.REFUND);
    }

    /// @dev Ends the escrow: `pay` to the agent less the fee, the rest back.
    /// @return net What the agent got.
    function _settle(uint256 taskId, Task storage task, uint256 pay) internal returns (uint256 net) {
        uint256 fee = pay * task.rules.rule(Packed.FEE) / BPS;
        net = pay - fee;
        bytes32 escrow = Accounts.task(taskId);
        _move(escrow, Accounts.TREASURY, taskId, fee, Reasons.FEE);
        _move(escrow, Accounts.credit(REGISTRY.ownerOf(task.agentId)), taskId, net, Reasons.PAYMENT);
        _refund(taskId, task, task.maxPrice - pay);
    }
}
