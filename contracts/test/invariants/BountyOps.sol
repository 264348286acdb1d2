// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bounty, BountyClaim, BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { SubjectsChecks } from "./SubjectsChecks.sol";

/// @title The operations of bounties and claims that may be disputed: what may be done to them now, and doing it.
abstract contract BountyOps is SubjectsChecks {
    function bountyOp(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return openBounty(pick, value);
        if (op == 1) return claimBounty(pick, value);
        if (op == 2) return award(pick);
        if (op == 3) return payClaim(pick, value);
        if (op == 4) return releaseClaim(pick);
        return closeBounty(pick, value);
    }

    function bountyRefusal(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return claimAgain(pick, value);
        if (op == 1) return claimOwn(pick);
        if (op == 2) return payTooEarly(pick);
        if (op == 3) return payBeforeItsTurn(pick, value);
        return closeUndecided(pick, value);
    }

    function openBounty(uint256 pick, uint256 value) private returns (bool) {
        uint256 k = pick % (OWNERS + 1);
        address sponsor = k == OWNERS ? client : owners[k];
        uint16 awards = uint16(bound(value >> 128, 1, 2));
        uint256 offered = some(sponsor, value, 2 * awards, 1_000 * CREDITS);
        if (offered == 0) return false;
        uint64 claimEnd = uint64(block.timestamp + bound(value >> 136, 60, 2 days));
        uint64 awardEnd = claimEnd + uint64(bound(value >> 160, 1 hours, 2 days));
        uint32 window = uint32(bound(value >> 192, 600, 1 days));
        BountyTerms memory asked = BountyTerms(offered, awards, claimEnd, awardEnd, window, "criteria", "uri");
        vm.prank(sponsor);
        bounties.openBounty(asked);
        return true;
    }

    function takesClaims(uint256 id) private view returns (bool) {
        Bounty memory found = bounties.bountyOf(id);
        return !found.closed && block.timestamp < found.claimEnd && found.awarded < found.maxAwards;
    }

    /// @dev The owner from `value` on who claims for the first time, or again; OWNERS when there is none.
    function claimant(uint256 id, uint256 value, bool again) private view returns (uint256) {
        Bounty memory found = bounties.bountyOf(id);
        for (uint256 i; i < OWNERS; ++i) {
            uint256 k = addmod(value, i, OWNERS);
            (uint256 earlier,) = bounties.claimsBy(id, agents[k], owners[k]);
            if (owners[k] == found.sponsor || (earlier != 0) != again) continue;
            if (again || stakeAt(agents[k]) >= bounties.claimBond(found.award)) return k;
        }
        return OWNERS;
    }

    function claimBounty(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(takesClaims, bounties.bountyCount(), pick);
        uint256 k = id == 0 ? OWNERS : claimant(id, value, false);
        if (k == OWNERS) return false;
        vm.prank(owners[k]);
        bounties.claim(id, agents[k], "work");
        return true;
    }

    function claimAgain(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(takesClaims, bounties.bountyCount(), pick);
        uint256 k = id == 0 ? OWNERS : claimant(id, value, true);
        if (k == OWNERS) return false;
        (uint256 earlier,) = bounties.claimsBy(id, agents[k], owners[k]);
        vm.prank(owners[k]);
        vm.expectRevert(abi.encodeWithSelector(IBounties.ClaimedAlready.selector, id, earlier));
        bounties.claim(id, agents[k], "work");
        return true;
    }

    function canBeClaimedByItsSponsor(uint256 id) private view returns (bool) {
        return takesClaims(id) && bounties.bountyOf(id).sponsor != client;
    }

    function claimOwn(uint256 pick) private returns (bool) {
        uint256 id = find(canBeClaimedByItsSponsor, bounties.bountyCount(), pick);
        if (id == 0) return false;
        address sponsor = bounties.bountyOf(id).sponsor;
        uint256 k;
        while (owners[k] != sponsor) ++k;
        vm.prank(sponsor);
        vm.expectRevert(abi.encodeWithSelector(IBounties.SponsorCannotClaim.selector, id, sponsor));
        bounties.claim(id, agents[k], "work");
        return true;
    }

    function isPending(uint256 claimId) internal view returns (bool) {
        return bounties.claimOf(claimId).status == 1;
    }

    function awardsLeft(uint256 claimId) private view returns (uint256) {
        Bounty memory found = bounties.bountyOf(bounties.claimOf(claimId).bountyId);
        return found.maxAwards - found.awarded;
    }

    /// @dev How many undecided claims stand before this one, and the first of them; a disputed one keeps its place.
    function ahead(uint256 claimId) private view returns (uint256 waiting, uint256 first) {
        BountyClaim memory claimed = bounties.claimOf(claimId);
        for (uint16 i = claimed.position - 1; i != 0; --i) {
            uint256 other = bounties.claimAt(claimed.bountyId, i);
            if (bounties.claimOf(other).status > 2) continue;
            ++waiting;
            first = other;
        }
    }

    function canAward(uint256 claimId) private view returns (bool) {
        return isPending(claimId) && awardsLeft(claimId) != 0
            && block.timestamp < bounties.bountyOf(bounties.claimOf(claimId).bountyId).awardEnd;
    }

    function award(uint256 pick) private returns (bool) {
        uint256 id = find(canAward, bounties.claimCount(), pick);
        if (id == 0) return false;
        address sponsor = bounties.bountyOf(bounties.claimOf(id).bountyId).sponsor;
        vm.prank(sponsor);
        bounties.award(id);
        return true;
    }

    function hasItsTurn(uint256 claimId) private view returns (bool) {
        (uint256 waiting,) = ahead(claimId);
        return isPending(claimId) && waiting < awardsLeft(claimId);
    }

    function payClaim(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(hasItsTurn, bounties.claimCount(), pick);
        if (id == 0 || !waits(bounties.payableFrom(id), value, 4)) return false;
        bounties.payClaim(id);
        return true;
    }

    function isEarly(uint256 claimId) private view returns (bool) {
        return isPending(claimId) && block.timestamp < bounties.payableFrom(claimId);
    }

    function payTooEarly(uint256 pick) private returns (bool) {
        uint256 id = find(isEarly, bounties.claimCount(), pick);
        if (id == 0) return false;
        uint64 from = bounties.payableFrom(id);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, from, block.timestamp));
        bounties.payClaim(id);
        return true;
    }

    function waitsItsTurn(uint256 claimId) private view returns (bool) {
        return isPending(claimId) && awardsLeft(claimId) != 0 && !hasItsTurn(claimId);
    }

    function payBeforeItsTurn(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(waitsItsTurn, bounties.claimCount(), pick);
        if (id == 0 || !waits(bounties.payableFrom(id), value, 2)) return false;
        (, uint256 first) = ahead(id);
        vm.expectRevert(abi.encodeWithSelector(IBounties.NotItsTurn.selector, id, first));
        bounties.payClaim(id);
        return true;
    }

    function isSuperfluous(uint256 claimId) private view returns (bool) {
        return isPending(claimId) && awardsLeft(claimId) == 0;
    }

    function releaseClaim(uint256 pick) private returns (bool) {
        uint256 id = find(isSuperfluous, bounties.claimCount(), pick);
        if (id == 0) return false;
        bounties.releaseClaim(id);
        return true;
    }

    function canClose(uint256 id) private view returns (bool) {
        Bounty memory found = bounties.bountyOf(id);
        return !found.closed && (found.awarded == found.maxAwards || found.claims == found.decided);
    }

    function closeBounty(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(canClose, bounties.bountyCount(), pick);
        if (id == 0) return false;
        Bounty memory found = bounties.bountyOf(id);
        if (found.awarded < found.maxAwards && !waits(found.claimEnd, value, 4)) return false;
        bounties.closeBounty(id);
        return true;
    }

    function isUndecided(uint256 id) private view returns (bool) {
        Bounty memory found = bounties.bountyOf(id);
        return !found.closed && found.awarded < found.maxAwards && found.decided < found.claims;
    }

    function closeUndecided(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isUndecided, bounties.bountyCount(), pick);
        if (id == 0) return false;
        Bounty memory found = bounties.bountyOf(id);
        if (!waits(found.claimEnd, value, 4)) return false;
        vm.expectRevert(
            abi.encodeWithSelector(IBounties.ClaimsUndecided.selector, id, uint256(found.claims - found.decided))
        );
        bounties.closeBounty(id);
        return true;
    }
}
