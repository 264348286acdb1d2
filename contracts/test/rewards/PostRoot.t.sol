// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { EraRoot, IRewards } from "../../src/interfaces/IRewards.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { vm } from "../Vm.sol";
import { RewardsCase } from "./RewardsCase.sol";

contract RewardsPostRootTest is RewardsCase {
    function test_Posting_pledges_the_bond_and_locks_the_poster() public {
        uint64 finalAt = uint64(block.timestamp) + 2 days;
        vm.expectEmit(wiring.rewards);
        emit IRewards.EraRootPosted(era, "root", 7, poster, finalAt);
        bytes32 pledge = bytes32(uint256(rewards.pledgeOf(era)) + 1);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.stake(poster), pledge, bytes32(era), 500 * CREDITS, Reasons.POSTER_BOND);
        post("root", 7);
        EraRoot memory posted = found();
        vm.assertEq(uint256(posted.status), 1);
        vm.assertEq(posted.root, "root");
        vm.assertEq(posted.total, 7);
        vm.assertEq(posted.bond, 500 * CREDITS);
        vm.assertEq(uint256(posted.posterId), poster);
        vm.assertEq(uint256(posted.finalAt), finalAt);
        vm.assertEq(uint256(posted.posting), 1);
        vm.assertFalse(posted.ruled);
        vm.assertEq(rewards.pledgeOf(era), pledge);
        vm.assertEq(registry.locksOf(poster), 1);
    }

    function test_An_era_that_is_not_over_or_out_of_bounds_is_refused() public {
        uint256 present = era + 1;
        vm.startPrank(posterOwner);
        vm.expectRevert(
            abi.encodeWithSelector(IRewards.EraNotOver.selector, present, (present + 1) * 7 days, block.timestamp)
        );
        rewards.postRoot(present, "root", 7, poster);
        vm.assertEq(rewards.firstEra(), era);
        vm.expectRevert(abi.encodeWithSelector(IRewards.EraOutOfBounds.selector, era - 1));
        rewards.postRoot(era - 1, "root", 7, poster);
        vm.expectRevert(abi.encodeWithSelector(IRewards.EraOutOfBounds.selector, 0));
        rewards.postRoot(0, "root", 7, poster);
        vm.expectRevert(abi.encodeWithSelector(IRewards.EraOutOfBounds.selector, type(uint256).max));
        rewards.postRoot(type(uint256).max, "root", 7, poster);
    }

    function test_A_second_root_waits_for_the_fate_of_the_first() public {
        post();
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, era, 1));
        post();
    }

    function test_Only_who_acts_for_the_poster_posts() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, poster, firstOwner));
        vm.prank(firstOwner);
        rewards.postRoot(era, "root", 7, poster);
    }

    function test_No_root_no_total_or_more_than_the_pool_is_refused() public {
        vm.expectRevert(IRewards.ZeroRoot.selector);
        post(0, 7);
        vm.expectRevert(abi.encodeWithSelector(IRewards.TotalOutOfBounds.selector, 0, 1_000 * CREDITS));
        post("root", 0);
        vm.expectRevert(
            abi.encodeWithSelector(IRewards.TotalOutOfBounds.selector, 1_000 * CREDITS + 1, 1_000 * CREDITS)
        );
        post("root", 1_000 * CREDITS + 1);
    }

    function test_The_pool_never_passes_a_hundredth_of_the_treasury() public {
        setParam(Keys.ERA_POOL, 1_000_000 * CREDITS);
        vm.assertEq(rewards.poolNow(), 1_000_000 * CREDITS);
        vm.prank(wiring.timelock);
        treasury.spend(address(1), 1, 0);
        vm.assertEq(rewards.poolNow(), (100_000_000 * CREDITS - 1) / 100);
    }

    function test_The_bond_covers_all_that_the_root_gives() public {
        post("root", 900 * CREDITS);
        vm.assertEq(found().bond, 900 * CREDITS);
        vm.assertEq(balance(rewards.pledgeOf(era)), 900 * CREDITS);
        vm.assertEq(stakeBalance(poster), 1_100 * CREDITS);
    }

    function test_A_poster_without_the_bond_is_refused() public {
        address poor = address(0x900);
        uint256 agentId = newAgent(poor, 499 * CREDITS);
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        vm.prank(poor);
        rewards.postRoot(era, "root", 7, agentId);
    }

    function test_A_tripped_breaker_stops_postings() public {
        trip(1);
        expectTripped("rewards", 1);
        post();
    }
}
