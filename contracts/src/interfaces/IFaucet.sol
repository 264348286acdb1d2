// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Credits for newcomers of a test chain: 1,000 an hour for each address.
interface IFaucet {
    /// @notice An address received its portion.
    /// @custom:trigger anyone
    /// @custom:step none
    event Dripped(address indexed recipient, uint256 amount, uint64 nextAt);

    error TooSoon(address recipient, uint64 nextAt);

    /// @notice Sends 1,000 credits to `recipient`.
    function drip(address recipient) external;

    /// @notice When `recipient` may ask again; 0 = now.
    function nextDripAt(address recipient) external view returns (uint64);
}
