// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds, Membership } from "../../src/interfaces/IGuilds.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { ChannelOps } from "./ChannelOps.sol";

/// @title The operations of a guild.
abstract contract GuildOps is ChannelOps {
    address internal constant CHARTER = address(0xC0);
    uint64 internal constant SWEEP_AFTER = 30 days;

    function lives(uint256 id) internal view returns (bool) {
        return guilds.guildOf(id).dissolvedAt == 0;
    }

    function isDissolved(uint256 id) internal view returns (bool) {
        return !lives(id);
    }

    function hasARest(uint256 id) internal view returns (bool) {
        return isDissolved(id) && balance(Accounts.guild(id)) != 0;
    }

    function isMember(uint256 id, uint256 agentId) internal view returns (bool) {
        return guilds.membershipOf(id, agentId).status == 2;
    }

    function isEarning(uint256 id, uint256 agentId) internal view returns (bool) {
        return isMember(id, agentId) && block.timestamp < guilds.membershipOf(id, agentId).expiresAt;
    }

    function canInvite(uint256 id, uint256 agentId) internal view returns (bool) {
        return lives(id) && !isEarning(id, agentId);
    }

    /// @dev What the living memberships of others leave.
    function leftOf(uint256 id, uint256 agentId) internal view returns (uint256 left) {
        left = 10_000;
        uint256[] memory members = guilds.membersOf(id);
        for (uint256 i; i < members.length; ++i) {
            bool counts = members[i] != agentId && isEarning(id, members[i]);
            if (counts) left -= guilds.membershipOf(id, members[i]).shareBps;
        }
    }

    function isInvited(uint256 id, uint256 agentId) internal view returns (bool) {
        Membership memory offer = guilds.membershipOf(id, agentId);
        return lives(id) && offer.status == 1 && block.timestamp < offer.expiresAt;
    }

    function canJoin(uint256 id, uint256 agentId) internal view returns (bool) {
        return isInvited(id, agentId) && guilds.membershipOf(id, agentId).shareBps <= leftOf(id, agentId);
    }

    function asksTooMuch(uint256 id, uint256 agentId) internal view returns (bool) {
        return isInvited(id, agentId) && guilds.membershipOf(id, agentId).shareBps > leftOf(id, agentId);
    }

    function canSetShare(uint256 id, uint256 agentId) internal view returns (bool) {
        return lives(id) && isEarning(id, agentId) && leftOf(id, agentId) != 0;
    }

    function isOwed(uint256 id, uint256 agentId) internal view returns (bool) {
        return guilds.owedTo(id, agentId) != 0;
    }

    function isOwedNothing(uint256 id, uint256 agentId) internal view returns (bool) {
        return isMember(id, agentId) && guilds.owedTo(id, agentId) == 0;
    }

    function canRemove(uint256 id, uint256 agentId) internal view returns (bool) {
        uint8 status = guilds.membershipOf(id, agentId).status;
        return lives(id) && (status == 1 || status == 2);
    }

    /// @dev A guild and an agent that the operation fits; both 0 when there are none.
    function findPair(function(uint256, uint256) internal view returns (bool) fits, uint256 pick)
        internal
        view
        returns (uint256, uint256)
    {
        uint256 last = guilds.guildCount();
        uint256 count = (last < RECENT ? last : RECENT) * PARTIES;
        for (uint256 i; i < count; ++i) {
            uint256 pair = addmod(pick, i, count);
            (uint256 id, uint256 agentId) = (last - pair / PARTIES, agents[pair % PARTIES]);
            if (fits(id, agentId)) return (id, agentId);
        }
        return (0, 0);
    }

    function founderOf(uint256 id) internal view returns (address) {
        return registry.ownerOf(guilds.guildOf(id).founderId);
    }

    function guildOps(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 13) return formGuild(pick, value);
        if (op == 14) return invite(pick, value);
        if (op < 18) return join(op, pick);
        if (op == 18) return setShare(pick, value);
        if (op == 19) return setTooMuch(pick, value);
        if (op < 22) return claimShare(op, pick);
        if (op == 22) return payGuild(pick, value);
        if (op < 25) return goOut(op, pick, value);
        if (op == 25) return dissolve(pick, value);
        return sweep(op, pick, value);
    }

    function formGuild(uint256 pick, uint256 value) private returns (bool) {
        uint256 last = guilds.guildCount();
        if (last != 0 && find(lives, last, pick) != 0 && value % 8 != 0) return false;
        uint256 founder = pick % PARTIES;
        vm.prank(parties[founder]);
        guilds.form(agents[founder], CHARTER, "charter");
        return true;
    }

    function invite(uint256 pick, uint256 value) private returns (bool) {
        (uint256 id, uint256 agentId) = findPair(canInvite, pick);
        if (id == 0) return false;
        uint16 share = uint16(bound(value, 1, 6_000));
        uint64 until = uint64(block.timestamp + bound(value >> 32, 1, 12 days));
        address founder = founderOf(id);
        vm.prank(founder);
        guilds.invite(id, agentId, share, until);
        return true;
    }

    function join(uint256 op, uint256 pick) private returns (bool) {
        (uint256 id, uint256 agentId) = findPair(op == 15 ? canJoin : op == 16 ? isInvited : asksTooMuch, pick);
        if (id == 0) return false;
        Membership memory offer = guilds.membershipOf(id, agentId);
        uint16 share = offer.shareBps;
        bytes memory refusal;
        if (op == 16) {
            ++share;
            refusal =
                abi.encodeWithSelector(IGuilds.OfferChanged.selector, id, agentId, offer.shareBps, offer.expiresAt);
        } else if (op == 17) {
            uint256 sum = 10_000 - leftOf(id, agentId) + share;
            refusal = abi.encodeWithSelector(IGuilds.SharesExceedWhole.selector, id, sum, 10_000);
        }
        address owner = registry.ownerOf(agentId);
        vm.prank(owner);
        if (op != 15) vm.expectRevert(refusal);
        guilds.join(id, agentId, share, offer.expiresAt);
        return true;
    }

    function setShare(uint256 pick, uint256 value) private returns (bool) {
        (uint256 id, uint256 agentId) = findPair(canSetShare, pick);
        if (id == 0) return false;
        uint16 share = uint16(bound(value, 1, leftOf(id, agentId)));
        uint64 until = uint64(block.timestamp + bound(value >> 32, 1, 12 days));
        address founder = founderOf(id);
        vm.prank(founder);
        guilds.setShare(id, agentId, share, until);
        return true;
    }

    function setTooMuch(uint256 pick, uint256 value) private returns (bool) {
        (uint256 id, uint256 agentId) = findPair(canSetShare, pick);
        if (id == 0 || leftOf(id, agentId) == 10_000) return false;
        uint16 share = uint16(bound(value, leftOf(id, agentId) + 1, 10_000));
        uint256 sum = 10_000 - leftOf(id, agentId) + share;
        address founder = founderOf(id);
        vm.prank(founder);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.SharesExceedWhole.selector, id, sum, 10_000));
        guilds.setShare(id, agentId, share, uint64(block.timestamp + 1 days));
        return true;
    }

    function claimShare(uint256 op, uint256 pick) private returns (bool) {
        (uint256 id, uint256 agentId) = findPair(op == 20 ? isOwed : isOwedNothing, pick);
        if (id == 0) return false;
        if (op == 21) vm.expectRevert(abi.encodeWithSelector(IGuilds.NothingOwed.selector, id, agentId));
        guilds.claim(id, agentId);
        return true;
    }

    function payGuild(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(lives, guilds.guildCount(), pick);
        address payer = parties[value % PARTIES];
        uint256 amount = some(payer, value >> 8, CREDITS);
        if (id == 0 || amount == 0) return false;
        vm.prank(payer);
        guilds.pay(id, amount);
        return true;
    }

    function goOut(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        // A guild of whom everybody goes at once earns nothing.
        if (value % 4 != 0) return false;
        (uint256 id, uint256 agentId) = findPair(op == 23 ? isMember : canRemove, pick);
        if (id == 0) return false;
        address who = op == 23 ? registry.ownerOf(agentId) : founderOf(id);
        vm.prank(who);
        if (op == 23) guilds.quit(id, agentId);
        else guilds.remove(id, agentId);
        return true;
    }

    function dissolve(uint256 pick, uint256 value) private returns (bool) {
        if (value % 8 != 0) return false;
        uint256 id = find(lives, guilds.guildCount(), pick);
        if (id == 0) return false;
        address who = (value >> 8) % 2 == 0 ? CHARTER : founderOf(id);
        vm.prank(who);
        guilds.dissolve(id);
        return true;
    }

    function sweep(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 26 ? hasARest : isDissolved, guilds.guildCount(), pick);
        if (id == 0) return false;
        uint64 from = guilds.guildOf(id).dissolvedAt + SWEEP_AFTER;
        if (op == 27) {
            if (block.timestamp >= from) return false;
            vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, from, block.timestamp));
        } else {
            // A month ends everything else, too.
            if (block.timestamp < from && value % 8 != 0) return false;
            later(from);
        }
        guilds.sweepGuild(id);
        return true;
    }
}
