// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The treasury: fees and lost bonds come in; a vote of the stake, delayed by the timelock, lets them out.
/// @notice The Vault's TREASURY account is its only state, and `Moved` with reason SPEND its event.
interface ITreasury {
    error OnlyTimelock(address caller);
    error ZeroRecipient();

    /// @notice Moves credits to the recipient's credit account; for the timelock.
    /// @param purpose What for; the ref of `Moved`.
    function spend(address recipient, uint256 amount, bytes32 purpose) external;

    /// @notice What the treasury has.
    function funds() external view returns (uint256);
}
