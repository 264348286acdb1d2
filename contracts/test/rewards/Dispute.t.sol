// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Challenge, IDisputable } from "../../src/interfaces/IDisputable.sol";
import { IRewards } from "../../src/interfaces/IRewards.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { RewardsCase } from "./RewardsCase.sol";

/// @notice `challenge` and `rule`, called as the court calls them.
contract RewardsDisputeTest is RewardsCase {
    IDisputable private subject;

    function setUp() public override {
        super.setUp();
        subject = IDisputable(wiring.rewards);
        post();
    }

    function test_A_challenge_asks_for_the_whole_bond() public {
        Challenge memory asked = challenge(first);
        vm.assertEq(asked.respondentId, poster);
        vm.assertEq(asked.principal, posterOwner);
        vm.assertEq(asked.pledge, rewards.pledgeOf(era));
        vm.assertEq(asked.bond, total);
        vm.assertTrue(asked.deterministic);
        vm.assertEq(uint256(found().status), 2);
        skip(3 days);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, era, 2));
        rewards.settleEra(era);
    }

    function test_A_rejected_challenge_confirms_the_root_for_good() public {
        challenge(first);
        skip(1 days);
        rule(1, 1);
        vm.assertTrue(found().ruled);
        vm.expectRevert(abi.encodeWithSelector(IRewards.AlreadyRuled.selector, era));
        vm.prank(wiring.disputes);
        subject.challenge(era, 7, 2, second, secondOwner);
        skip(1 days);
        rewards.settleEra(era);
        vm.assertEq(stakeBalance(poster), 2_000 * CREDITS);
    }

    function test_A_challenge_taken_back_confirms_nothing() public {
        challenge(first);
        skip(1 days);
        rule(1, 2);
        vm.assertEq(uint256(found().finalAt), block.timestamp + 2 days);
        vm.assertFalse(found().ruled);
        challenge(second);
        rule(2, 1);
        vm.assertEq(uint256(found().status), 4);
    }

    function test_An_upheld_or_split_challenge_leaves_the_era_to_another_root() public {
        fund(posterOwner, 1_000 * CREDITS);
        vm.prank(posterOwner);
        stake.bond(poster, 1_000 * CREDITS);
        for (uint8 ruling = 2; ruling < 4; ++ruling) {
            challenge(first);
            rule(ruling, 1);
            vm.assertEq(uint256(found().status), 4);
            vm.assertEq(registry.locksOf(poster), 0);
            post();
            vm.assertEq(uint256(found().posting), ruling);
        }
        vm.assertEq(stakeBalance(poster), 3_000 * CREDITS - 3 * total);
    }

    function test_An_upheld_challenge_says_that_the_root_was_not_accepted() public {
        challenge(first);
        vm.expectEmit(wiring.rewards);
        emit IRewards.EraRootSettled(era, false, 0, 0);
        vm.prank(wiring.disputes);
        subject.rule(era, 7, 1, 2, 1, 0);
    }

    function test_Too_late_of_another_kind_or_by_the_posters_side_is_refused() public {
        vm.startPrank(wiring.disputes);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongKind.selector, 6, 7));
        subject.challenge(era, 6, 1, first, firstOwner);
        vm.expectRevert(abi.encodeWithSelector(IRewards.NoPrincipal.selector, era));
        subject.challenge(era, 7, 1, 0, posterOwner);
        uint64 finalAt = found().finalAt;
        vm.warp(finalAt);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, finalAt, finalAt));
        subject.challenge(era, 7, 1, first, firstOwner);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, era, 1));
        subject.rule(era, 7, 1, 1, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, 5, 0));
        subject.challenge(5, 7, 1, first, firstOwner);
    }

    function test_Only_the_court_challenges_and_rules() public {
        vm.expectRevert(abi.encodeWithSelector(IRewards.OnlyDisputes.selector, address(this)));
        subject.challenge(era, 7, 1, first, firstOwner);
        vm.expectRevert(abi.encodeWithSelector(IRewards.OnlyDisputes.selector, address(this)));
        subject.rule(era, 7, 1, 1, 1, 0);
    }
}
