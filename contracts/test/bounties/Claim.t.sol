// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { BountyClaim, IBounties } from "../../src/interfaces/IBounties.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { BountiesCase } from "./BountiesCase.sol";

contract BountiesClaimTest is BountiesCase {
    function test_A_claim_pledges_a_fifth_of_the_award_and_locks_the_agent() public {
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyClaimed(id, 1, agents[0], "work");
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.stake(agents[0]), pledge(1), bytes32(uint256(1)), 100 * CREDITS, Reasons.CLAIM_BOND);
        vm.assertEq(claim(0), 1);
        BountyClaim memory claimed = foundClaim(1);
        vm.assertEq(uint256(claimed.bountyId), id);
        vm.assertEq(uint256(claimed.agentId), agents[0]);
        vm.assertEq(uint256(claimed.position), 1);
        vm.assertEq(uint256(claimed.status), 1);
        vm.assertEq(claimed.workHash, "work");
        vm.assertEq(bounties.claimAt(id, 1), 1);
        (uint256 ofAgent, uint256 ofOwner) = bounties.claimsBy(id, agents[0], owners[0]);
        vm.assertEq(ofAgent, 1);
        vm.assertEq(ofOwner, 1);
        vm.assertEq(uint256(found().claims), 1);
        vm.assertEq(registry.locksOf(agents[0]), 1);
        vm.assertEq(bounties.claimCount(), 1);
        vm.assertEq(uint256(bounties.payableFrom(1)), payableAt);
    }

    function test_The_bond_is_never_under_ten_credits() public {
        vm.assertEq(bounties.claimBond(49 * CREDITS), 10 * CREDITS);
        vm.assertEq(bounties.claimBond(51 * CREDITS), 10.2e18);
    }

    function test_An_agent_claims_once() public {
        claim(0);
        vm.expectRevert(abi.encodeWithSelector(IBounties.ClaimedAlready.selector, id, 1));
        claim(0);
    }

    function test_An_owner_claims_once_whatever_its_agents() public {
        claim(0);
        uint256 second = newAgent(owners[0], 500 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IBounties.ClaimedAlready.selector, id, 1));
        vm.prank(owners[0]);
        bounties.claim(id, second, "work");
    }

    function test_The_sponsor_does_not_claim() public {
        uint256 own = newAgent(sponsor, 500 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IBounties.SponsorCannotClaim.selector, id, sponsor));
        vm.prank(sponsor);
        bounties.claim(id, own, "work");
    }

    function test_Claims_end_at_claimEnd() public {
        vm.warp(claimEnd);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, claimEnd, claimEnd));
        claim(0);
    }

    function test_Only_who_acts_for_the_agent_claims() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        vm.prank(owners[1]);
        bounties.claim(id, agents[0], "work");
    }

    function test_When_all_awards_are_paid_or_the_bounty_is_closed_nobody_claims() public {
        award(claim(0));
        award(claim(1));
        vm.expectRevert(abi.encodeWithSelector(IBounties.NoAwardLeft.selector, id));
        claim(2);
        bounties.closeBounty(id);
        vm.expectRevert(abi.encodeWithSelector(IBounties.BountyIsClosed.selector, id));
        claim(2);
    }

    function test_An_unknown_bounty_has_no_claims() public {
        vm.expectRevert(abi.encodeWithSelector(IBounties.UnknownBounty.selector, 9));
        vm.prank(owners[0]);
        bounties.claim(9, agents[0], "work");
    }

    function test_A_bounty_takes_at_most_256_claims() public {
        for (uint160 i; i < 256; ++i) {
            address owner = address(0xC0000 + i);
            uint256 agentId = newAgent(owner, 100 * CREDITS);
            vm.prank(owner);
            bounties.claim(id, agentId, "work");
        }
        vm.expectRevert(abi.encodeWithSelector(IBounties.TooManyClaims.selector, id, 256));
        claim(0);
        // The last in line is payable in one call even when nobody before it was paid.
        uint256 last = bounties.claimAt(id, 256);
        vm.warp(payableAt);
        vm.expectRevert(abi.encodeWithSelector(IBounties.NotItsTurn.selector, last, bounties.claimAt(id, 1)));
        bounties.payClaim(last);
    }

    function test_A_tripped_breaker_stops_claims() public {
        trip(1);
        expectTripped("bounties", 1);
        claim(0);
    }
}
