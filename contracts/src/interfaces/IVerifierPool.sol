// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The pool from which panels are drawn: a sum tree of weights, attestations, and the freeze around a seed.
interface IVerifierPool {
    event VerifierJoined(bytes32 indexed poolId, uint256 indexed verifierId, bytes32 diversityKey);
    /// @notice Cause: 1 left, 2 idle, 3 below the minimum stake.
    event VerifierLeft(bytes32 indexed poolId, uint256 indexed verifierId, uint8 cause);
    event VerifierAttested(
        uint256 indexed verifierId, address indexed attester, bytes32 orgKey, bytes32 asnKey, uint64 validUntil
    );
    event VerifierWeightSet(bytes32 indexed poolId, uint256 indexed verifierId, uint32 slot, uint256 weight);

    /// @notice The pool stands still until this block, for a round waits for its seed.
    error PoolFrozen(uint256 until);

    /// @notice How many verifiers the pool has.
    function memberCount() external view returns (uint256);
    function isMember(uint256 verifierId) external view returns (bool);
    /// @notice Reverts while the pool is frozen.
    function requireThawed() external view;

    /// @notice Whether the bootstrap is over: 15 attested verifiers of 15 organisations have joined once.
    function bootstrapped() external view returns (bool);
}
