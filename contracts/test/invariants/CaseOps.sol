// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBounties } from "../../src/interfaces/IBounties.sol";
import { Court, Dispute, Phase, Round } from "../../src/interfaces/IDisputes.sol";
import { EraRoot } from "../../src/interfaces/IRewards.sol";
import { Accounts, Pledge } from "../../src/libraries/Accounts.sol";
import { SeedWindows } from "../../src/libraries/SeedWindows.sol";
import { vm } from "../Vm.sol";
import { BountyOps } from "./BountyOps.sol";
import { EraOps } from "./EraOps.sol";

/// @title The operations of a dispute about an era's root or about a claim: what may be done to it now, and doing it.
/// @notice The court itself has a walk of its own (CourtHandler): here whoever was drawn votes unless it is too late.
abstract contract CaseOps is BountyOps, EraOps {
    function caseOp(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return openForAnEra(pick, value);
        if (op == 1) return openForAClaim(pick, value);
        if (op < 4) return giveIn(op, pick, value);
        if (op == 4) return beginRound(pick, value);
        if (op == 5) return draw(pick);
        if (op == 6) return vote(pick, value);
        if (op == 7) return appeal(pick, value);
        return settle(pick, value);
    }

    /// @dev The dispute in the phase, among the last few, the first from `pick` on; 0 when there is none.
    function findCase(Phase phase, uint256 pick) private view returns (uint256) {
        uint256 last = court.disputeCount();
        uint256 count = last < RECENT ? last : RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 id = last - addmod(pick, i, count);
            if (court.disputeOf(id).phase == phase) return id;
        }
        return 0;
    }

    function partyOf(uint256 disputeId, uint8 side) private view returns (address) {
        Dispute memory d = court.disputeOf(disputeId);
        if (side == Court.CHALLENGER && d.challengerId == 0) return d.principal;
        return registry.ownerOf(side == Court.RESPONDENT ? d.respondentId : d.challengerId);
    }

    /// @dev A court that has enough to do gets a new case seldom: otherwise none lives long.
    function isBusy() private view returns (bool) {
        uint256 live;
        uint256 last = court.disputeCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            if (court.disputeOf(id).phase != Phase.SETTLED) ++live;
        }
        return live > RECENT / 3;
    }

    function canDisputeEra(uint256 place) private view returns (bool) {
        (, EraRoot memory root) = rootAt(place);
        return root.status == 1 && !root.ruled && block.timestamp < root.finalAt;
    }

    function openForAnEra(uint256 pick, uint256 value) private returns (bool) {
        if (isBusy() && value % 8 != 0) return false;
        uint256 place = find(canDisputeEra, posted.length, pick);
        if (place == 0) return false;
        (uint256 era, EraRoot memory root) = rootAt(place);
        if (creditOf(watcher) < root.bond) return false;
        openByWatcher(7, era);
        return true;
    }

    function canDisputeClaim(uint256 claimId) private view returns (bool) {
        if (!isPending(claimId) || bounties.claimOf(claimId).ruled) return false;
        return block.timestamp < bounties.payableFrom(claimId);
    }

    /// @dev By the sponsor, who needs no agent, or by a stranger.
    function openForAClaim(uint256 pick, uint256 value) private returns (bool) {
        if (isBusy() && value % 8 != 0) return false;
        uint256 id = find(canDisputeClaim, bounties.claimCount(), pick);
        if (id == 0) return false;
        bool bySponsor = (value >> 8) % 2 == 0;
        address challenger = bySponsor ? bounties.bountyOf(bounties.claimOf(id).bountyId).sponsor : watcher;
        if (creditOf(challenger) < balance(Accounts.atRisk(Pledge.BOUNTY_CLAIM, id))) return false;
        vm.prank(challenger);
        court.open(8, id, bySponsor ? 0 : watcherId, CLAIM);
        return true;
    }

    function wasRuled(uint256 claimId) private view returns (bool) {
        return isPending(claimId) && bounties.claimOf(claimId).ruled;
    }

    function eraWasRuled(uint256 place) private view returns (bool) {
        (, EraRoot memory root) = rootAt(place);
        return root.status == 1 && root.ruled;
    }

    /// @dev The error of eras is that of claims.
    function openAgain(uint256 pick) internal returns (bool) {
        uint8 kind = 8;
        uint256 id = find(wasRuled, bounties.claimCount(), pick);
        if (id == 0) {
            id = find(eraWasRuled, posted.length, pick);
            if (id == 0) return false;
            (kind, id) = (7, posted[id - 1]);
        }
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IBounties.AlreadyRuled.selector, id));
        court.open(kind, id, watcherId, CLAIM);
        return true;
    }

    /// @dev 2: the challenger withdraws; 3: the respondent concedes. Until the first seed is due.
    function giveIn(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = findCase((value >> 8) % 2 == 0 ? Phase.EVIDENCE : Phase.DRAW, pick);
        // Whoever gives in at every chance lets no dispute live.
        if (id == 0 || value % 4 != 0) return false;
        Dispute memory d = court.disputeOf(id);
        if (d.phase == Phase.DRAW) {
            Round memory r = current(id);
            bool first = d.round == 1 && d.attempt == 1 && !r.reseeded;
            if (!first || block.number >= r.seedBlock) return false;
        }
        vm.prank(partyOf(id, op == 2 ? Court.CHALLENGER : Court.RESPONDENT));
        if (op == 2) court.withdraw(id);
        else court.concede(id);
        return true;
    }

    function beginRound(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = findCase(Phase.EVIDENCE, pick);
        if (id == 0 || !waits(court.disputeOf(id).evidenceEnd, value, 2)) return false;
        court.startRound(id);
        return true;
    }

    /// @dev A seed whose time is over gives way to a later one; the pool is so small that a panel is always of three.
    function draw(uint256 pick) private returns (bool) {
        uint256 id = findCase(Phase.DRAW, pick);
        if (id == 0) return false;
        uint64 seedBlock = current(id).seedBlock;
        if (block.number >= SeedWindows.end(seedBlock)) {
            court.reseed(id);
            return true;
        }
        if (block.number <= seedBlock) vm.roll(seedBlock + 1);
        court.draw(id);
        return true;
    }

    /// @dev All of a panel vote, most of them alike; when the time for that is over, the attempt has failed.
    function vote(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = findCase(Phase.VOTING, pick);
        if (id == 0) return false;
        Round memory r = current(id);
        if (block.timestamp >= r.commitEnd) {
            later(r.revealEnd);
            court.resolveRound(id);
            return true;
        }
        uint8[] memory choices = new uint8[](seatsNow(id).length);
        for (uint256 i; i < choices.length; ++i) {
            value >>= 8;
            choices[i] = uint8(1 + (i == 0 || value % 3 == 0 ? value : choices[0] - 1) % 3);
        }
        commitAll(id, choices);
        revealAll(id, choices);
        court.resolveRound(id);
        return true;
    }

    function appeal(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = findCase(Phase.APPEAL, pick);
        // Most rulings stand.
        if (id == 0 || value % 4 != 0) return false;
        Dispute memory d = court.disputeOf(id);
        if (d.round == 3 || block.timestamp >= d.appealEnd) return false;
        uint8 side = d.ruling == Court.SPLIT ? uint8(1 + (value >> 8) % 2) : d.ruling;
        address party = partyOf(id, side);
        if (creditOf(party) < uint256(d.bond) << d.round) return false;
        vm.prank(party);
        court.appeal(id, side);
        return true;
    }

    function settle(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = findCase(Phase.APPEAL, pick);
        if (id == 0 || !waits(court.disputeOf(id).appealEnd, value, 2)) return false;
        court.settle(id);
        return true;
    }
}
