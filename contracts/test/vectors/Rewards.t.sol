// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { EraRewards } from "../rewards/EraRewards.sol";
import { RewardsCase } from "../rewards/RewardsCase.sol";

/// @notice economics.md, section 6: era rewards and vesting; and what it calls unsimulated: the cap by fees.
contract RewardsVectorsTest is RewardsCase {
    function test_vector_pool_1000_points_500_300_199_fees_2000_400_1000() public view {
        vm.assertEq(amounts[0], 500500500500500500500);
        vm.assertEq(amounts[1], 200000000000000000000);
        vm.assertEq(amounts[2], 199199199199199199199);
    }

    function test_vector_1300_over_91_days_after_10_days() public {
        EraRewards.Entry[] memory entries = new EraRewards.Entry[](1);
        entries[0] = EraRewards.Entry(first, 1, 10_000 * CREDITS);
        setParam("eraPool", 1_300 * CREDITS);
        plant(entries);
        vm.assertEq(total, 1_300 * CREDITS);
        settle();
        claim(0);
        skip(10 days);
        vm.assertEq(rewards.vestedOf(era, first), 142857142857142857142);
        vm.assertEq(rewards.release(era, first), 142857142857142857142);
    }

    function test_Fuzz_no_reward_passes_half_of_its_fees_nor_all_of_them_the_pool(
        uint64[12] memory points,
        uint96[12] memory fees,
        uint128 pool
    ) public pure {
        EraRewards.Entry[] memory entries = new EraRewards.Entry[](12);
        for (uint256 i; i < 12; ++i) {
            entries[i] = EraRewards.Entry(i + 1, points[i], fees[i]);
        }
        EraRewards.rank(entries);
        uint256[] memory granted = EraRewards.amounts(entries, pool);
        uint256 sum;
        for (uint256 i; i < 12; ++i) {
            vm.assertLe(granted[i], entries[i].fees / 2);
            if (i != 0) vm.assertGe(entries[i - 1].points, entries[i].points);
            sum += granted[i];
        }
        vm.assertLe(sum, pool);
    }

    function test_Ties_at_the_hundredth_place_go_to_the_lower_id() public pure {
        EraRewards.Entry[] memory entries = new EraRewards.Entry[](101);
        for (uint256 i; i < 101; ++i) {
            entries[i] = EraRewards.Entry(101 - i, 5, 1_000);
        }
        EraRewards.rank(entries);
        vm.assertEq(entries[0].agentId, 1);
        vm.assertEq(entries[100].agentId, 101);
        vm.assertEq(EraRewards.amounts(entries, 100_000).length, 100);
    }

    function test_Fuzz_every_leaf_of_any_tree_is_proven(uint8 width, uint8 index) public {
        uint256 count = bound(width, 1, 100);
        bytes32[] memory tree = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            tree[i] = EraRewards.leaf(era, i, first, i + 1);
        }
        uint256 chosen = index % count;
        post(EraRewards.root(tree), 101);
        skip(2 days);
        rewards.settleEra(era);
        rewards.claim(era, chosen, first, chosen + 1, EraRewards.proof(tree, chosen));
        vm.assertEq(rewards.grantOf(era, first), chosen + 1);
    }
}
