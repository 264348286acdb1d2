// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The windows of blocks around seeds.
/// @notice Blocks are cut into windows of 128; the seed of a window is the hash of its middle block. From that block to the
///         window's end a pool that a round waits for stands still, and a hash can be read for 256 blocks, so it is never gone.
library SeedWindows {
    uint256 internal constant WINDOW = 128;
    uint256 internal constant OFFSET = 64;
    uint256 internal constant DELAY = 8;
    uint256 internal constant REVEAL = 16;

    /// @notice The first seed block that is at least DELAY blocks away.
    function next(uint256 blockNumber) internal pure returns (uint64) {
        uint256 earliest = blockNumber + DELAY;
        uint256 candidate = earliest - earliest % WINDOW + OFFSET;
        return uint64(candidate < earliest ? candidate + WINDOW : candidate);
    }

    /// @notice The seed block of the window in which a block lies.
    function seedBlockOf(uint256 blockNumber) internal pure returns (uint256) {
        return blockNumber - blockNumber % WINDOW + OFFSET;
    }

    /// @notice The first block after the window of a seed block.
    function end(uint256 seedBlock) internal pure returns (uint256) {
        return seedBlock + WINDOW - OFFSET;
    }
}
