// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What the timelock refuses beyond OpenZeppelin's TimelockController, whose events it has.
interface ITimelock {
    error DelayOutOfBounds(uint256 delay, uint256 shortest, uint256 longest);
    /// @notice A decision that nobody executed in 30 days is void.
    error OperationExpired(bytes32 operationId, uint256 expiredAt, uint256 time);

    /// @notice From when on an operation can no longer be executed; 0 for one that is unknown, cancelled or done.
    function expiryOf(bytes32 operationId) external view returns (uint256);
}
