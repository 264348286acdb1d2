// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IRewards } from "../../src/interfaces/IRewards.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { RewardsCase } from "./RewardsCase.sol";

contract RewardsSettleEraTest is RewardsCase {
    function test_Settling_moves_the_pool_once_and_frees_the_poster() public {
        post();
        skip(2 days);
        uint64 time = uint64(block.timestamp);
        uint256 bond = found().bond;
        vm.expectEmit(wiring.rewards);
        emit IRewards.EraRootSettled(era, true, time, time + 91 days);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(rewards.pledgeOf(era), Accounts.stake(poster), bytes32(era), bond, Reasons.BOND_RELEASE);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.TREASURY, Accounts.reward(era, 0), bytes32(era), total, Reasons.REWARD);
        rewards.settleEra(era);
        vm.assertEq(uint256(found().status), 3);
        vm.assertEq(uint256(found().vestStart), time);
        vm.assertEq(uint256(found().vestEnd), time + 91 days);
        vm.assertEq(stakeBalance(poster), 2_000 * CREDITS);
        vm.assertEq(registry.locksOf(poster), 0);
        vm.assertEq(rewards.paidIn(time / 7 days), total);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, era, 3));
        rewards.settleEra(era);
    }

    function test_Not_before_the_challenge_window_has_passed() public {
        post();
        uint64 finalAt = found().finalAt;
        vm.warp(finalAt - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, finalAt, finalAt - 1));
        rewards.settleEra(era);
    }

    function test_A_treasury_that_cannot_pay_accepts_nothing_and_keeps_no_bond() public {
        post();
        uint256 all = treasury.funds();
        vm.prank(wiring.timelock);
        treasury.spend(address(1), all, 0);
        skip(2 days);
        vm.expectEmit(wiring.rewards);
        emit IRewards.EraRootSettled(era, false, 0, 0);
        rewards.settleEra(era);
        vm.assertEq(uint256(found().status), 4);
        vm.assertEq(stakeBalance(poster), 2_000 * CREDITS);
    }

    function test_Roots_of_several_weeks_settle_within_the_pool_of_one() public {
        skip(7 days);
        post("first", 600 * CREDITS);
        ++era;
        post("second", 400 * CREDITS);
        uint256 week = (block.timestamp + 2 days) / 7 days;
        skip(2 days);
        rewards.settleEra(era);
        --era;
        rewards.settleEra(era);
        vm.assertEq(rewards.paidIn(week), 1_000 * CREDITS);
    }

    function test_What_goes_beyond_the_pool_waits_for_the_next_week() public {
        skip(7 days);
        post("first", 600 * CREDITS);
        ++era;
        post("second", 401 * CREDITS);
        skip(2 days);
        uint256 week = block.timestamp / 7 days;
        rewards.settleEra(era);
        vm.expectRevert(
            abi.encodeWithSelector(IRewards.WeekIsSpent.selector, era - 1, week, 401 * CREDITS, 1_000 * CREDITS)
        );
        rewards.settleEra(era - 1);
        vm.warp((week + 1) * 7 days);
        rewards.settleEra(era - 1);
        vm.assertEq(rewards.paidIn(week + 1), 600 * CREDITS);
    }

    /// @dev A pool that was made smaller must not hold a root, and its poster's bond, for ever.
    function test_The_first_root_of_a_week_settles_whatever_the_pool_has_become() public {
        post("first", 1_000 * CREDITS);
        setParam(Keys.ERA_POOL, 500 * CREDITS);
        skip(2 days);
        rewards.settleEra(era);
        vm.assertEq(uint256(found().status), 3);
    }

    function test_Level_two_holds_the_settlement() public {
        post();
        skip(2 days);
        trip(2);
        expectTripped("rewards", 2);
        rewards.settleEra(era);
    }
}
