// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Epoch checkpoints: the Merkle roots of the event log and of the state, bonded, signed and challengeable.
interface ICheckpoints {
    event CheckpointPosted(
        uint64 indexed epoch,
        uint256 indexed posterId,
        bytes32 logRoot,
        bytes32 stateRoot,
        uint64 fromBlock,
        uint64 toBlock,
        uint64 eventCount,
        uint64 finalAt
    );
    event CheckpointSigned(uint64 indexed epoch, uint256 indexed verifierId);
    event CheckpointSettled(uint64 indexed epoch, bool accepted);
}
