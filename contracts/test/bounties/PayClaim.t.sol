// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBounties } from "../../src/interfaces/IBounties.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { BountiesCase } from "./BountiesCase.sol";

contract BountiesPayClaimTest is BountiesCase {
    function test_Claims_are_paid_in_their_order() public {
        uint256 first = claim(0);
        uint256 second = claim(1);
        uint256 third = claim(2);
        vm.warp(payableAt);
        vm.expectRevert(abi.encodeWithSelector(IBounties.NotItsTurn.selector, third, first));
        bounties.payClaim(third);
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyAwarded(id, first, 2);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.bounty(id), Accounts.credit(owners[0]), bytes32(first), 500 * CREDITS, Reasons.BOUNTY_AWARD
        );
        bounties.payClaim(first);
        bounties.payClaim(second);
        vm.assertEq(uint256(found().cursor), 2);
        vm.expectRevert(abi.encodeWithSelector(IBounties.NoAwardLeft.selector, id));
        bounties.payClaim(third);
        vm.assertEq(held(), 0);
    }

    function test_Not_before_the_challenge_window_has_passed() public {
        uint256 first = claim(0);
        vm.warp(payableAt - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, payableAt, payableAt - 1));
        bounties.payClaim(first);
    }

    function test_Whoever_has_an_award_for_sure_need_not_wait_for_those_before() public {
        claim(0);
        uint256 second = claim(1);
        vm.warp(payableAt);
        bounties.payClaim(second);
        vm.assertEq(creditOf(owners[1]), 500 * CREDITS);
        vm.assertEq(uint256(found().cursor), 0);
        bounties.payClaim(1);
        vm.assertEq(uint256(found().cursor), 2);
    }

    function test_Decided_claims_are_stepped_over_and_the_last_award_waits_for_who_may_have_it() public {
        uint256 first = claim(0);
        uint256 second = claim(1);
        uint256 third = claim(2);
        award(first);
        challenge(second);
        vm.warp(payableAt);
        vm.expectRevert(abi.encodeWithSelector(IBounties.NotItsTurn.selector, third, second));
        bounties.payClaim(third);
        rule(second, 2, 1);
        bounties.payClaim(third);
        vm.assertEq(creditOf(owners[2]), 500 * CREDITS);
        vm.assertEq(uint256(found().cursor), 3);
    }

    function test_A_claim_on_which_the_court_was_split_gets_half() public {
        uint256 first = claim(0);
        challenge(first);
        rule(first, 3, 1);
        vm.warp(payableAt);
        bounties.payClaim(first);
        vm.assertEq(creditOf(owners[0]), 250 * CREDITS);
        bounties.closeBounty(id);
        vm.assertEq(creditOf(sponsor), 19_750 * CREDITS);
    }

    function test_Level_two_holds_the_payment() public {
        uint256 first = claim(0);
        vm.warp(payableAt);
        trip(2);
        expectTripped("bounties", 2);
        bounties.payClaim(first);
    }
}
