// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The council: five seats, of which three must approve a call on chain before anyone may execute it.
/// @notice Its power is what three contracts grant it: to end a trip of the breaker, to cancel a proposal, to cancel what the
///         timelock has scheduled. It can call nothing else, holds nothing, and cannot change itself: a vote on one of its
///         seats is beyond its veto.
interface ICouncil {
    /// @notice The timelock seated a member; the first five come with the deployment.
    /// @custom:trigger the timelock; the deployment
    /// @custom:step Council: seats
    event CouncilMemberSet(uint8 indexed seat, address indexed member);
    /// @notice A member approved a call. All approvals of one attempt share its expiry.
    /// @custom:trigger a council member
    /// @custom:step Council call: approvals grow
    event CouncilCallApproved(
        bytes32 indexed callId, address indexed member, address target, bytes data, bytes32 salt, uint64 expiresAt
    );
    /// @notice The council's call was made.
    /// @custom:trigger anyone with three approvals
    /// @custom:step Council call: Approved -> Executed
    event CouncilCallExecuted(bytes32 indexed callId, address indexed by);

    error OnlyMember(address caller);
    error OnlyTimelock(address caller);
    error UnknownSeat(uint8 seat);
    error ZeroMember();
    error AlreadySeated(address member);
    /// @notice A seat has changed hands less than 14 days ago.
    error SeatsRest(uint64 restedFrom, uint256 time);
    error TargetNotGranted(address target);
    error AlreadyApproved(bytes32 callId, address member);
    error AlreadyExecuted(bytes32 callId);
    error NotEnoughApprovals(bytes32 callId, uint256 approvals, uint256 threshold);
    error ApprovalsExpired(bytes32 callId, uint64 expiresAt, uint256 time);

    /// @notice Approves a call; the first approval, or the first after an expiry, starts 7 days. For members.
    /// @param salt Tells one call from a later equal one; each id is executed once.
    function approve(address target, bytes calldata data, bytes32 salt) external returns (bytes32 callId);

    /// @notice Executes a call that three present members approved and that has not expired; for anyone.
    function execute(address target, bytes calldata data, bytes32 salt) external returns (bytes memory result);

    /// @notice Seats a member; for the timelock, once in 14 days. Approvals of who leaves stop counting.
    function setMember(uint8 seat, address member) external;

    function memberAt(uint8 seat) external view returns (address);
    function isMember(address who) external view returns (bool);
    function callIdOf(address target, bytes calldata data, bytes32 salt) external pure returns (bytes32);

    /// @notice The state of a call: which attempt at approval runs, until when, and whether it was executed.
    function callOf(bytes32 callId) external view returns (uint64 expiresAt, uint32 attempt, bool executed);

    /// @notice The attempt in which a member last approved the call; 0 = never.
    function approvalOf(bytes32 callId, address member) external view returns (uint32 attempt);

    /// @notice How many present members approve the call in its running attempt.
    function approvalsOf(bytes32 callId) external view returns (uint256);
}
