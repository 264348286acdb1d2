// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Weighted choice: 1,024 leaves under nodes that hold the sums of their two children.
/// @notice Node 1 is the root, node i holds node 2i plus node 2i + 1, leaf l is node 1,024 + l. A write touches 11 words,
///         a choice reads 10.
library SumTree {
    uint256 internal constant LEAVES = 1024;

    struct Tree {
        uint256[2048] nodes;
    }

    function set(Tree storage tree, uint256 leaf, uint256 weight) internal {
        uint256 node = LEAVES + leaf;
        uint256 before = tree.nodes[node];
        if (before == weight) return;
        for (; node != 0; node >>= 1) {
            tree.nodes[node] = tree.nodes[node] + weight - before;
        }
    }

    function get(Tree storage tree, uint256 leaf) internal view returns (uint256) {
        return tree.nodes[LEAVES + leaf];
    }

    function total(Tree storage tree) internal view returns (uint256) {
        return tree.nodes[1];
    }

    /// @notice The leaf under which `point` lies; it must be less than the total.
    function find(Tree storage tree, uint256 point) internal view returns (uint256) {
        uint256 node = 1;
        while (node < LEAVES) {
            node <<= 1;
            uint256 left = tree.nodes[node];
            if (point >= left) {
                point -= left;
                ++node;
            }
        }
        return node - LEAVES;
    }
}
