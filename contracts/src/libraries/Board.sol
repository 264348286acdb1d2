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
    function insert(uint256[8] storage rows, uint256 word) internal returns (bool stands, uint64 evicted) {
        uint256 last = rows[SIZE - 1];
        if (last != 0) {
            if (word < last) return (false, 0);
            evicted = bidIdOf(last);
        }
        uint256 row = SIZE - 1;
        while (row != 0 && rows[row - 1] < word) {
            if (rows[row - 1] != 0) rows[row] = rows[row - 1];
            --row;
        }
        rows[row] = word;
        return (true, evicted);
    }

    /// @notice Takes a bid off the board; the worse ones move up.
    function remove(uint256[8] storage rows, uint64 bidId) internal returns (bool found) {
        for (uint256 row; row < SIZE; ++row) {
            if (found) {
                rows[row - 1] = rows[row];
            } else {
                uint256 word = rows[row];
                found = word != 0 && bidIdOf(word) == bidId;
            }
        }
        if (found) rows[SIZE - 1] = 0;
    }
}
