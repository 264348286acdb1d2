// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A work lease as it is kept; `cause` 0 while it lives.
struct WorkLease {
    uint64 taskId;
    uint64 agentId;
    uint40 expiresAt;
    uint16 ttl;
    uint8 cause;
    uint64 seq;
}

/// @title Work leases: the agent's right and duty to work on a matched task, kept alive by heartbeats.
interface IWorkLeases {
    /// @notice CLAIM: the winner started.
    /// @custom:trigger the matched agent
    /// @custom:step Work lease: -> Live; task: Matched -> Running (CLAIM)
    event WorkLeaseStarted(
        uint256 indexed leaseId, uint256 indexed taskId, uint256 indexed agentId, uint64 expiresAt, uint32 ttl
    );
    /// @notice The work goes on.
    /// @custom:trigger the working agent
    /// @custom:step Work lease: Live, later expiry
    event WorkLeaseHeartbeat(uint256 indexed leaseId, uint64 seq, uint64 expiresAt, bytes32 progressHash);
    /// @notice YIELD / RELEASE: 1 completed, 2 yielded, 3 released, 4 expired.
    /// @custom:trigger the agent; anyone after the grace; the market
    /// @custom:step Work lease: Live -> Ended (YIELD, RELEASE)
    event WorkLeaseEnded(uint256 indexed leaseId, uint8 cause);

    error LeaseNotLive(uint256 leaseId, uint8 cause);
    error UnknownLease(uint256 leaseId);

    /// @notice Starts the work on a matched task, before its startBy; for its agent.
    function start(uint256 taskId) external returns (uint256 leaseId);

    /// @notice Keeps the lease alive: `expiresAt = min(now + ttl, deliverBy)`; for its agent, before it expires.
    function heartbeat(uint256 leaseId, bytes32 progressHash) external;

    /// @notice Gives the task back before the lease expires; for its agent.
    function yield(uint256 leaseId) external;

    /// @notice Ends a lease whose grace is over; anyone.
    function expire(uint256 leaseId) external;

    /// @notice The work was submitted; for the task market.
    function complete(uint256 leaseId) external;

    /// @notice The task goes on without this lease; for the task market.
    function release(uint256 leaseId) external;

    function leaseOf(uint256 leaseId) external view returns (WorkLease memory);

    /// @notice The live lease of a task; 0 = none.
    function liveLeaseOf(uint256 taskId) external view returns (uint256);

    function leaseCount() external view returns (uint256);
}
