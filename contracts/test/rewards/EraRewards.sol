// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The reference computation of an era: what every poster and every verifier of kind 7 does off chain.
/// @notice In come the agents of an era with their points p and the protocol fees of their finalized tasks; out come the
///         rewards of the 100 best in their order, and the Merkle tree over them. The sum never passes the pool.
library EraRewards {
    struct Entry {
        uint256 agentId;
        uint256 points;
        uint256 fees;
    }

    uint256 internal constant WINNERS = 100;

    /// @notice Orders by points, the greater first; ties: the lower id first. Sorts in place.
    function rank(Entry[] memory entries) internal pure {
        for (uint256 i = 1; i < entries.length; ++i) {
            Entry memory moving = entries[i];
            uint256 k = i;
            for (; k != 0 && _before(moving, entries[k - 1]); --k) {
                entries[k] = entries[k - 1];
            }
            entries[k] = moving;
        }
    }

    /// @notice min(pool * p / sum of p over the 100, fees / 2) for each of the ranked 100.
    function amounts(Entry[] memory ranked, uint256 pool) internal pure returns (uint256[] memory rewards) {
        uint256 count = ranked.length < WINNERS ? ranked.length : WINNERS;
        uint256 sum;
        for (uint256 i; i < count; ++i) {
            sum += ranked[i].points;
        }
        rewards = new uint256[](count);
        if (sum == 0) return rewards;
        for (uint256 i; i < count; ++i) {
            uint256 byPoints = pool * ranked[i].points / sum;
            uint256 byFees = ranked[i].fees / 2;
            rewards[i] = byPoints < byFees ? byPoints : byFees;
        }
    }

    function leaf(uint256 era, uint256 index, uint256 agentId, uint256 amount) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(era, index, agentId, amount))));
    }

    /// @notice The root over leaves with sorted pairs; an odd one goes up alone.
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        uint256 width = leaves.length;
        bytes32[] memory row = _copy(leaves);
        while (width > 1) {
            width = _up(row, width);
        }
        return row[0];
    }

    function proof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        bytes32[] memory longest = new bytes32[](8);
        uint256 depth;
        uint256 width = leaves.length;
        bytes32[] memory row = _copy(leaves);
        while (width > 1) {
            uint256 sibling = index ^ 1;
            if (sibling < width) longest[depth++] = row[sibling];
            width = _up(row, width);
            index /= 2;
        }
        path = new bytes32[](depth);
        for (uint256 i; i < depth; ++i) {
            path[i] = longest[i];
        }
    }

    function _up(bytes32[] memory row, uint256 width) private pure returns (uint256 next) {
        next = (width + 1) / 2;
        for (uint256 i; i < next; ++i) {
            row[i] = 2 * i + 1 < width ? _pair(row[2 * i], row[2 * i + 1]) : row[2 * i];
        }
    }

    function _pair(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
    }

    function _copy(bytes32[] memory list) private pure returns (bytes32[] memory copy) {
        copy = new bytes32[](list.length);
        for (uint256 i; i < list.length; ++i) {
            copy[i] = list[i];
        }
    }

    function _before(Entry memory one, Entry memory other) private pure returns (bool) {
        return one.points != other.points ? one.points > other.points : one.agentId < other.agentId;
    }
}
