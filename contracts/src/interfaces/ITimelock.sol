// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What the timelock refuses beyond OpenZeppelin's TimelockController, whose events it has.
/// @notice A change of an office (a call to the timelock itself, a seat of the council, a role anywhere) waits for 14 days, or
///         for twice the least delay, whatever delay was asked for.
interface ITimelock {
    error DelayOutOfBounds(uint256 delay, uint256 shortest, uint256 longest);
    /// @notice The delay has changed less than 30 days ago.
    error DelayRests(uint64 restedFrom, uint256 time);
    /// @notice A decision that nobody executed in 30 days is void.
    error OperationExpired(bytes32 operationId, uint256 expiredAt, uint256 time);
    /// @notice The operation carries out a vote on a seat of the council: the council cannot cancel it.
    error OperationBeyondVeto(bytes32 operationId);
    /// @notice The timelock alone administers roles, the council keeps its veto, and nobody lays a role down.
    error RoleIsFixed(bytes32 role, address account);

    /// @notice From when on an operation can no longer be executed; 0 for one that is unknown, cancelled or done.
    function expiryOf(bytes32 operationId) external view returns (uint256);

    /// @notice Whether the operation carries out a vote on a seat of the council.
    function isBeyondVeto(bytes32 operationId) external view returns (bool);
}
