// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { IWorkLeases, WorkLease } from "../interfaces/IWorkLeases.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { BehindDoor } from "./BehindDoor.sol";

/// @notice See IWorkLeases.
/// @dev Always holds: a task has at most one live lease, the last one, which the market keeps; a lease's expiresAt never
///      falls and never passes deliverBy; a lease ends once. Penalties belong to the task market: this
///      contract holds no money.
contract WorkLeases is IWorkLeases, BehindDoor {
    uint8 internal constant COMPLETED = 1;
    uint8 internal constant YIELDED = 2;
    uint8 internal constant RELEASED = 3;
    uint8 internal constant EXPIRED = 4;

    ITaskMarket internal immutable TASK_MARKET;

    uint64 internal _leaseCount;
    mapping(uint256 leaseId => WorkLease) internal _leases;

    constructor(Wiring memory wiring, Genesis memory) BehindDoor(wiring, "workLeases") {
        TASK_MARKET = ITaskMarket(wiring.taskMarket);
    }

    /// @inheritdoc IWorkLeases
    function start(uint256 taskId) external returns (uint256 leaseId) {
        leaseId = ++_leaseCount;
        (uint256 agentId, uint32 ttl, uint64 deliverBy) = TASK_MARKET.workStarted(taskId, _msgSender(), leaseId);
        uint64 expiresAt = _extended(_now() + ttl, deliverBy);
        _leases[leaseId] = WorkLease(uint64(taskId), uint64(agentId), uint40(expiresAt), uint16(ttl), 0, 0);
        emit WorkLeaseStarted(leaseId, taskId, agentId, expiresAt, ttl);
    }

    /// @inheritdoc IWorkLeases
    function heartbeat(uint256 leaseId, bytes32 progressHash) external {
        WorkLease storage lease = _requireHeld(leaseId);
        (, uint64 deliverBy) = TASK_MARKET.leaseTermsOf(lease.taskId);
        uint64 expiresAt = _extended(_now() + lease.ttl, deliverBy);
        // A breaker can have moved the expiry beyond what is written; what is written never falls.
        if (expiresAt < lease.expiresAt) expiresAt = lease.expiresAt;
        lease.expiresAt = uint40(expiresAt);
        emit WorkLeaseHeartbeat(leaseId, ++lease.seq, expiresAt, progressHash);
    }

    /// @inheritdoc IWorkLeases
    function yield(uint256 leaseId) external {
        WorkLease storage lease = _requireHeld(leaseId);
        _end(leaseId, lease, YIELDED);
        TASK_MARKET.workYielded(lease.taskId);
    }

    /// @inheritdoc IWorkLeases
    function expire(uint256 leaseId) external timeout {
        WorkLease storage lease = _requireLive(leaseId);
        (uint32 grace,) = TASK_MARKET.leaseTermsOf(lease.taskId);
        _requireFrom(lease.expiresAt + grace);
        _end(leaseId, lease, EXPIRED);
        TASK_MARKET.workLapsed(lease.taskId);
    }

    /// @inheritdoc IWorkLeases
    function complete(uint256 leaseId) external {
        _endFor(leaseId, COMPLETED);
    }

    /// @inheritdoc IWorkLeases
    function release(uint256 leaseId) external {
        _endFor(leaseId, RELEASED);
    }

    /// @inheritdoc IWorkLeases
    function leaseOf(uint256 leaseId) external view returns (WorkLease memory) {
        return _leases[leaseId];
    }

    /// @inheritdoc IWorkLeases
    function liveLeaseOf(uint256 taskId) external view returns (uint256) {
        uint256 leaseId = TASK_MARKET.taskOf(taskId).leaseId;
        return _leases[leaseId].cause == 0 ? leaseId : 0;
    }

    /// @inheritdoc IWorkLeases
    function leaseCount() external view returns (uint256) {
        return _leaseCount;
    }

    function _endFor(uint256 leaseId, uint8 cause) private {
        require(msg.sender == address(TASK_MARKET), OnlyModule(msg.sender));
        _end(leaseId, _requireLive(leaseId), cause);
    }

    function _end(uint256 leaseId, WorkLease storage lease, uint8 cause) private {
        lease.cause = cause;
        emit WorkLeaseEnded(leaseId, cause);
    }

    /// @dev A live lease that has not expired, in the hands of its agent.
    function _requireHeld(uint256 leaseId) private view returns (WorkLease storage lease) {
        lease = _requireLive(leaseId);
        address caller = _msgSender();
        require(REGISTRY.mayAct(lease.agentId, caller), IAgentRegistry.NotAgent(lease.agentId, caller));
        _requireBefore(lease.expiresAt);
    }

    function _requireLive(uint256 leaseId) private view returns (WorkLease storage lease) {
        lease = _leases[leaseId];
        require(lease.taskId != 0, UnknownLease(leaseId));
        require(lease.cause == 0, LeaseNotLive(leaseId, lease.cause));
    }

    function _extended(uint64 expiresAt, uint64 deliverBy) private pure returns (uint64) {
        return expiresAt < deliverBy ? expiresAt : deliverBy;
    }
}
