// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The best eight bids of a round in eight words, the best first.
/// @notice A word is `score (64) || ~price (128) || ~bidId (64)`: the greater word is better, so the order is total:
///         score, then the lower price, then whoever came first. A row of 0 is empty, and no bid's word is 0.
library Board {
    uint256 internal constant SIZE = 8;

    function encode(uint64 score, uint128 price, uint64 bidId) internal pure returns (uint256) {
        return (uint256(score) << 192) | (uint256(~price) << 64) | uint256(~bidId);
    }

    function bidIdOf(uint256 word) internal pure returns (uint64) {
        return ~uint64(word);
    }

    /// @notice Puts a bid in its place. On a full board the last bid leaves, unless it is the better one.
    /// @dev From the best row down, so that a board of few bids is read no further than its first empty row.
    function insert(uint256[8] storage rows, uint256 word) internal returns (bool stands, uint64 evicted) {
        for (uint256 row; row < SIZE; ++row) {
            uint256 found = rows[row];
            if (found > word) continue;
            rows[row] = word;
            if (found == 0) return (true, 0);
            (word, stands) = (found, true);
        }
        if (stands) evicted = bidIdOf(word);
    }

    /// @notice Takes a bid off the board; the worse ones move up.
    function remove(uint256[8] storage rows, uint64 bidId) internal returns (bool found) {
        uint256 row;
        for (; row < SIZE; ++row) {
            uint256 word = rows[row];
            if (word == 0) break;
            if (found) rows[row - 1] = word;
            else found = bidIdOf(word) == bidId;
        }
        if (found) rows[row - 1] = 0;
    }
}
