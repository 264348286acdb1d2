// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Weighted choice: 1,024 leaves under nodes that hold the sums of their four children.
/// @notice Node 0 is the root, node i holds the sum of the nodes 4i + 1 to 4i + 4, leaf l is node 341 + l. A write touches 6
///         words, a choice reads at most 15 and 11.25 on average.
library SumTree {
    uint256 internal constant LEAVES = 1024;
    /// @dev 1 + 4 + 16 + 64 + 256 nodes stand above the leaves.
    uint256 internal constant FIRST_LEAF = 341;

    struct Tree {
        uint256[1365] nodes;
    }

    function set(Tree storage tree, uint256 leaf, uint256 weight) internal {
        uint256 node = FIRST_LEAF + leaf;
        uint256 before = tree.nodes[node];
        if (before == weight) return;
        tree.nodes[node] = weight;
        while (node != 0) {
            node = (node - 1) >> 2;
            tree.nodes[node] = tree.nodes[node] + weight - before;
        }
    }

    function get(Tree storage tree, uint256 leaf) internal view returns (uint256) {
        return tree.nodes[FIRST_LEAF + leaf];
    }

    function total(Tree storage tree) internal view returns (uint256) {
        return tree.nodes[0];
    }

    /// @notice The leaf under which `point` lies; it must be less than the total.
    function find(Tree storage tree, uint256 point) internal view returns (uint256) {
        uint256 node;
        while (node < FIRST_LEAF) {
            node = (node << 2) + 1;
            // What lies under none of the first three lies under the fourth.
            for (uint256 last = node + 3; node != last; ++node) {
                uint256 weight = tree.nodes[node];
                if (point < weight) break;
                point -= weight;
            }
        }
        return node - FIRST_LEAF;
    }
}
