// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBounties } from "../../src/interfaces/IBounties.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { BountiesCase } from "./BountiesCase.sol";

contract BountiesCloseBountyTest is BountiesCase {
    function closes(uint8 cause, uint256 rest) private {
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyClosed(id, cause);
        if (rest != 0) {
            vm.expectEmit(wiring.vault);
            emit IVault.Moved(Accounts.bounty(id), Accounts.credit(sponsor), bytes32(id), rest, Reasons.REFUND);
        }
        bounties.closeBounty(id);
        vm.assertTrue(found().closed);
        vm.assertEq(held(), 0);
    }

    function test_Without_claims_all_goes_home_at_claimEnd() public {
        vm.warp(claimEnd - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, claimEnd, claimEnd - 1));
        bounties.closeBounty(id);
        vm.warp(claimEnd);
        closes(1, 1_000 * CREDITS);
    }

    function test_When_every_award_is_paid_the_dust_goes_home_at_once() public {
        id = open(1_001, 2);
        award(claim(0));
        award(claim(1));
        closes(2, 1);
    }

    function test_When_every_claim_is_decided_the_rest_goes_home() public {
        award(claim(0));
        uint256 second = claim(1);
        vm.warp(claimEnd);
        vm.expectRevert(abi.encodeWithSelector(IBounties.ClaimsUndecided.selector, id, 1));
        bounties.closeBounty(id);
        challenge(second);
        rule(second, 2, 1);
        closes(3, 500 * CREDITS);
    }

    function test_A_bounty_closes_once() public {
        vm.warp(claimEnd);
        bounties.closeBounty(id);
        vm.expectRevert(abi.encodeWithSelector(IBounties.BountyIsClosed.selector, id));
        bounties.closeBounty(id);
        vm.expectRevert(abi.encodeWithSelector(IBounties.UnknownBounty.selector, 5));
        bounties.closeBounty(5);
    }

    function test_A_disputed_claim_outlives_the_bounty_with_its_bond() public {
        uint256 first = claim(0);
        uint256 second = claim(1);
        uint256 third = claim(2);
        challenge(third);
        award(first);
        award(second);
        closes(2, 0);
        rule(third, 1, 1);
        bounties.releaseClaim(third);
        vm.assertEq(stakeBalance(agents[2]), 1_000 * CREDITS);
    }
}
