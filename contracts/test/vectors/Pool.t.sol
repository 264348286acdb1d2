// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { VerifierPool } from "../../src/court/VerifierPool.sol";
import { Domains } from "../../src/libraries/Domains.sol";
import { SeedWindows } from "../../src/libraries/SeedWindows.sol";
import { SumTree } from "../../src/libraries/SumTree.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

contract OpenPool is VerifierPool {
    constructor(Wiring memory wiring, Genesis memory genesis) VerifierPool(wiring, genesis) { }

    function rho(int256 score) external view returns (uint256) {
        return _rho(score);
    }

    function recency(uint256 exponent) external pure returns (uint256) {
        return _recency(exponent);
    }
}

/// @notice Economics, section 3: weights, the tree, and the windows of seeds.
contract PoolVectorsTest is Courtroom {
    using SumTree for SumTree.Tree;

    SumTree.Tree internal tree;

    function seatedAtStart() internal pure override returns (uint256) {
        return 0;
    }

    /// @dev Reputation grows with time as recency does, so the score is given as the accumulator's reading now.
    function giveScore(uint256 agentId, int256 points) internal {
        vm.prank(wiring.disputes);
        reputation.add(agentId, Domains.VERIFICATION, 0, points * 1e6, 1);
    }

    function test_Four_hundred_credits_and_two_hundred_points_at_the_epoch() public {
        uint256 verifierId = newAgent(person("verifier"), 400 * CREDITS);
        giveScore(verifierId, 200);
        vm.prank(person("verifier"));
        pool.join(verifierId);
        vm.assertEq(pool.weightOf(verifierId), 24_159_191_040_000_000);
        vm.assertEq(pool.weightNow(verifierId), 24_159_191_040_000_000);
    }

    function test_The_same_active_thirty_days_later_weighs_double() public {
        skip(30 days);
        uint256 verifierId = newAgent(person("verifier"), 400 * CREDITS);
        giveScore(verifierId, 200);
        vm.prank(person("verifier"));
        pool.join(verifierId);
        vm.assertEq(pool.weightOf(verifierId), 48_318_382_080_000_000);
    }

    function test_A_newcomer_of_a_hundred_credits_after_thirty_days() public {
        skip(30 days);
        vm.assertEq(pool.weightOf(newVerifier(person("verifier"), 100 * CREDITS)), 5_368_709_120_000_000);
    }

    function test_Rho() public {
        OpenPool open = new OpenPool(wiring, genesis());
        vm.assertEq(open.rho(-100e6), 166);
        vm.assertEq(open.rho(0), 250);
        vm.assertEq(open.rho(10e6), 333);
        vm.assertEq(open.rho(200e6), 1_125);
        vm.assertEq(open.rho(1_000e6), 1_708);
    }

    function test_Fuzz_rho_stays_within_one_and_1999(int256 score) public {
        score = score % 1e18;
        uint256 found = new OpenPool(wiring, genesis()).rho(score);
        vm.assertLe(found, 1_999);
        if (score > -49_000e6) vm.assertGe(found, 1);
    }

    function test_Recency_stands_still_after_120_half_lives() public {
        OpenPool open = new OpenPool(wiring, genesis());
        vm.assertEq(open.recency(0), 1 << 30);
        vm.assertEq(open.recency(65536), 1 << 31);
        vm.assertEq(open.recency(500 * 65536), 1 << 150);
    }

    function test_The_tree_of_five_three_two() public {
        tree.set(0, 5);
        tree.set(1, 3);
        tree.set(2, 2);
        uint8[6] memory expected = [1, 1, 0, 2, 0, 1];
        for (uint256 k; k < 6; ++k) {
            uint256 point = uint256(keccak256(abi.encode(keccak256("seed"), k))) % tree.total();
            vm.assertEq(tree.find(point), expected[k]);
        }
    }

    /// @dev Leaves 5, 3, 2 as panel of three: [1, 0, 2] in 4 tries. The pool's weights are set through its own storage.
    function test_The_panel_of_five_three_two() public {
        tree.set(0, 5);
        tree.set(1, 3);
        tree.set(2, 2);
        uint256[3] memory panel;
        uint256 filled;
        uint256 tries;
        for (; filled < 3; ++tries) {
            uint256 leaf = tree.find(uint256(keccak256(abi.encode(keccak256("seed"), tries))) % tree.total());
            bool seen;
            for (uint256 i; i < filled; ++i) {
                seen = seen || panel[i] == leaf;
            }
            if (!seen) panel[filled++] = leaf;
        }
        vm.assertEq(tries, 4);
        vm.assertEq(panel[0], 1);
        vm.assertEq(panel[1], 0);
        vm.assertEq(panel[2], 2);
    }

    function test_Fuzz_the_tree_is_the_sum_of_its_leaves(uint256 seed) public {
        uint256[16] memory leaves;
        uint256[16] memory weights;
        uint256 total;
        for (uint256 i; i < 16; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            leaves[i] = i * 64 + seed % 64;
            weights[i] = (seed >> 16) % 1e30;
            tree.set(leaves[i], type(uint128).max);
            tree.set(leaves[i], weights[i]);
            total += weights[i];
        }
        vm.assertEq(tree.total(), total);
        uint256 below;
        for (uint256 i; i < 16; ++i) {
            if (weights[i] == 0) continue;
            vm.assertEq(tree.get(leaves[i]), weights[i]);
            vm.assertEq(tree.find(below), leaves[i], "first point of a leaf");
            below += weights[i];
            vm.assertEq(tree.find(below - 1), leaves[i], "last point of a leaf");
        }
    }

    function test_Fuzz_a_seed_block_is_the_next_middle_at_least_eight_blocks_away(uint256 block_) public pure {
        block_ = bound(block_, 0, 1e15);
        uint256 seedBlock = SeedWindows.next(block_);
        vm.assertEq(seedBlock % 128, 64);
        vm.assertGe(seedBlock, block_ + 8);
        vm.assertLt(seedBlock, block_ + 8 + 128);
        vm.assertEq(SeedWindows.end(seedBlock), seedBlock + 64);
        vm.assertEq(SeedWindows.seedBlockOf(seedBlock + 63), seedBlock);
        vm.assertEq(SeedWindows.seedBlockOf(seedBlock - 64), seedBlock);
    }
}
