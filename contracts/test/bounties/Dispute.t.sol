// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBounties } from "../../src/interfaces/IBounties.sol";
import { Challenge, IDisputable } from "../../src/interfaces/IDisputable.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { BountiesCase } from "./BountiesCase.sol";

/// @notice `challenge` and `rule`, called as the court calls them.
contract BountiesDisputeTest is BountiesCase {
    IDisputable private subject;
    uint256 private first;

    function setUp() public override {
        super.setUp();
        subject = IDisputable(wiring.bounties);
        first = claim(0);
    }

    function test_A_challenge_asks_for_half_of_the_pledge() public {
        Challenge memory asked = challenge(first);
        vm.assertEq(asked.respondentId, agents[0]);
        vm.assertEq(asked.principal, sponsor);
        vm.assertEq(asked.pledge, pledge(first));
        vm.assertEq(asked.bond, 50 * CREDITS);
        vm.assertFalse(asked.deterministic);
        vm.assertEq(uint256(foundClaim(first).status), 2);
    }

    function test_A_worthless_claim_loses_what_the_court_left() public {
        challenge(first);
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyClaimEnded(id, first, 1);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(pledge(first), Accounts.BURN, bytes32(first), 50 * CREDITS, Reasons.PENALTY_BURN);
        vm.prank(wiring.disputes);
        subject.rule(first, 8, first, 2, 1, 0);
        vm.assertEq(uint256(foundClaim(first).status), 4);
        vm.assertEq(uint256(found().decided), 1);
        vm.assertEq(registry.locksOf(agents[0]), 0);
        vm.assertEq(stakeBalance(agents[0]), 900 * CREDITS);
    }

    function test_A_rejected_challenge_protects_the_claim_for_good() public {
        challenge(first);
        rule(first, 1, 1);
        vm.assertTrue(foundClaim(first).ruled);
        vm.assertFalse(foundClaim(first).halved);
        vm.expectRevert(abi.encodeWithSelector(IBounties.AlreadyRuled.selector, first));
        vm.prank(wiring.disputes);
        subject.challenge(first, 8, 9, 0, sponsor);
        vm.warp(payableAt);
        bounties.payClaim(first);
        vm.assertEq(stakeBalance(agents[0]), 1_000 * CREDITS);
        vm.assertEq(creditOf(owners[0]), 500 * CREDITS);
    }

    function test_A_challenge_taken_back_proves_nothing_and_leaves_others_an_hour() public {
        challenge(first);
        vm.warp(payableAt + 1 days);
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyClaimReviewSet(id, first, payableAt + 1 days + 1 hours);
        vm.prank(wiring.disputes);
        subject.rule(first, 8, first, 1, 2, 0);
        vm.assertEq(uint256(foundClaim(first).reviewEnd), payableAt + 1 days + 1 hours);
        vm.assertEq(uint256(bounties.payableFrom(first)), payableAt + 1 days + 1 hours);
    }

    function test_After_a_challenge_taken_back_the_next_one_puts_up_the_whole_pledge() public {
        challenge(first);
        rule(first, 1, 2);
        vm.assertEq(challenge(first).bond, 100 * CREDITS);
        rule(first, 2, 1);
        vm.assertEq(uint256(foundClaim(first).status), 4);
        vm.assertEq(balance(pledge(first)), 0);
        vm.assertEq(stakeBalance(agents[0]), 900 * CREDITS);
    }

    function test_Agent_0_is_the_sponsor_and_nobody_else() public {
        vm.expectRevert(abi.encodeWithSelector(IBounties.OnlySponsor.selector, id, owners[1]));
        vm.prank(wiring.disputes);
        subject.challenge(first, 8, 1, 0, owners[1]);
        vm.prank(wiring.disputes);
        vm.assertEq(subject.challenge(first, 8, 1, agents[1], owners[1]).principal, sponsor);
    }

    function test_A_challenge_taken_back_early_leaves_the_window_as_it_was() public {
        challenge(first);
        rule(first, 1, 2);
        vm.assertEq(uint256(bounties.payableFrom(first)), payableAt);
    }

    function test_A_split_court_halves_the_award() public {
        challenge(first);
        rule(first, 3, 1);
        vm.assertTrue(foundClaim(first).halved);
        vm.assertTrue(foundClaim(first).ruled);
        vm.assertEq(uint256(foundClaim(first).status), 1);
    }

    function test_Too_late_or_of_another_kind_is_refused() public {
        vm.startPrank(wiring.disputes);
        vm.expectRevert(abi.encodeWithSelector(IBounties.WrongKind.selector, 7, 8));
        subject.challenge(first, 7, 1, 0, sponsor);
        vm.expectRevert(abi.encodeWithSelector(IBounties.WrongStatus.selector, 9, 0));
        subject.challenge(9, 8, 1, 0, sponsor);
        vm.expectRevert(abi.encodeWithSelector(IBounties.WrongStatus.selector, first, 1));
        subject.rule(first, 8, 1, 1, 1, 0);
        vm.warp(payableAt);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, payableAt, payableAt));
        subject.challenge(first, 8, 1, 0, sponsor);
    }

    function test_Only_the_court_challenges_and_rules() public {
        vm.expectRevert(abi.encodeWithSelector(IBounties.OnlyDisputes.selector, sponsor));
        vm.prank(sponsor);
        subject.challenge(first, 8, 1, 0, sponsor);
        vm.expectRevert(abi.encodeWithSelector(IBounties.OnlyDisputes.selector, address(this)));
        subject.rule(first, 8, 1, 1, 1, 0);
    }
}
