// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Era rewards: a bonded Merkle root of the 100 best, challengeable, claimed by proof, vested.
interface IRewards {
    event EraRootPosted(uint256 indexed era, bytes32 root, uint256 total, uint256 indexed posterId, uint64 finalAt);
    event EraRootSettled(uint256 indexed era, bool accepted);
    event RewardGranted(uint256 indexed era, uint256 indexed agentId, uint256 amount, uint64 vestStart, uint64 vestEnd);
}
