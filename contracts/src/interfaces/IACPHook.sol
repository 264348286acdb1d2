// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title ERC-8183: what a client lets a contract of its choice do around every action of its job.
interface IACPHook {
    /// @notice Called before an action; a refusal blocks it.
    function beforeAction(uint256 jobId, bytes4 selector, bytes calldata data) external;

    /// @notice Called after an action; a refusal takes it back.
    function afterAction(uint256 jobId, bytes4 selector, bytes calldata data) external;
}
