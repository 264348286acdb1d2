// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Work leases: the agent's right and duty to work on a matched task, kept alive by heartbeats.
interface IWorkLeases {
    /// @notice CLAIM: the winner started.
    event WorkLeaseStarted(
        uint256 indexed leaseId, uint256 indexed taskId, uint256 indexed agentId, uint64 expiresAt, uint32 ttl
    );
    event WorkLeaseHeartbeat(uint256 indexed leaseId, uint64 seq, uint64 expiresAt, bytes32 progressHash);
    /// @notice YIELD / RELEASE: 1 completed, 2 yielded, 3 released, 4 expired.
    event WorkLeaseEnded(uint256 indexed leaseId, uint8 cause);
}
