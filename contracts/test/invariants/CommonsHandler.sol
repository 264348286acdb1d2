// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel, IChannels } from "../../src/interfaces/IChannels.sol";
import { IGuilds, Membership } from "../../src/interfaces/IGuilds.sol";
import { Bounty, BountyClaim, BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { Accounts, Pledge } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";
import { Ops } from "./Ops.sol";

/// @title Four parties, each with an agent, and what must hold at their channels, guilds and bounties between any two calls.
abstract contract CommonsChecks is Commons, Ops {
    uint256 internal constant PARTIES = 4;

    uint256[PARTIES] public keys = [uint256(0x11), 0x22, 0x33, 0x44];
    address[PARTIES] internal parties;
    uint256[PARTIES] internal agents;
    mapping(uint256 channelId => uint256) public cumulativeOf;

    function setUp() public virtual override(Commons, Economy) {
        Commons.setUp();
        for (uint256 i; i < PARTIES; ++i) {
            parties[i] = vm.addr(keys[i]);
            agents[i] = newAgent(parties[i], 2_000 * CREDITS);
            fund(parties[i], 50_000 * CREDITS);
        }
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.channels);
        assertDebits(wiring.guilds);
    }

    /// @notice Invariant 7.
    function assertChannels() external view {
        for (uint256 id = 1; id <= channels.channelCount(); ++id) {
            Channel memory channel = channels.channelOf(id);
            vm.assertLe(channel.redeemed, channels.depositsOf(id), "redeemed and deposits");
            vm.assertEq(channel.redeemed, cumulativeOf[id], "what the payee took last");
            if (channel.status == 3) vm.assertEq(balance(Accounts.channel(id)), 0, "a closed channel");
        }
    }

    /// @notice A guild covers what it owes, a bounty what it may still award, an undecided claim has its bond.
    function assertCovered() external view {
        for (uint256 id = 1; id <= guilds.guildCount(); ++id) {
            uint256[] memory members = guilds.membersOf(id);
            uint256 owed;
            uint256 bps;
            for (uint256 i; i < members.length; ++i) {
                owed += guilds.owedTo(id, members[i]);
                bps += guilds.membershipOf(id, members[i]).shareBps;
            }
            vm.assertLe(owed, balance(Accounts.guild(id)), "what a guild owes");
            vm.assertEq(bps, guilds.guildOf(id).assignedBps, "shares of a guild");
            vm.assertLe(bps, 10_000, "the whole");
        }
        for (uint256 id = 1; id <= bounties.bountyCount(); ++id) {
            Bounty memory found = bounties.bountyOf(id);
            uint256 left = uint256(found.maxAwards - found.awarded) * found.award;
            if (!found.closed) vm.assertGe(balance(Accounts.bounty(id)), left, "awards of a bounty");
            else vm.assertEq(balance(Accounts.bounty(id)), 0, "a closed bounty");
        }
        for (uint256 id = 1; id <= bounties.claimCount(); ++id) {
            uint256 award = bounties.bountyOf(bounties.claimOf(id).bountyId).award;
            uint256 expected = bounties.claimOf(id).status == 1 ? bounties.claimBond(award) : 0;
            vm.assertEq(balance(Accounts.atRisk(Pledge.BOUNTY_CLAIM, id)), expected, "bond of a claim");
        }
    }
}

/// @title The operations of a channel: what may be done to it now, and doing it.
abstract contract ChannelOps is CommonsChecks {
    uint256 internal constant RECENT = 6;

    /// @dev The last few of a kind that the operation fits, the first from `pick` on; 0 when none does.
    function find(function(uint256) internal view returns (bool) fits, uint256 last, uint256 pick)
        internal
        view
        returns (uint256)
    {
        uint256 count = last < RECENT ? last : RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 id = last - addmod(pick, i, count);
            if (fits(id)) return id;
        }
        return 0;
    }

    function later(uint256 time) internal {
        if (block.timestamp < time) vm.warp(time);
    }

    /// @dev Up to `most` of what somebody has; 0 when there is nothing.
    function some(address who, uint256 value, uint256 most) internal view returns (uint256) {
        uint256 has = creditOf(who);
        if (has == 0) return 0;
        return bound(value, 1, has < most ? has : most);
    }

    function isOpen(uint256 id) internal view returns (bool) {
        return channels.channelOf(id).status == 1;
    }

    function isExpired(uint256 id) internal view returns (bool) {
        return isOpen(id) && block.timestamp >= channels.channelOf(id).expiresAt;
    }

    function isUnexpired(uint256 id) internal view returns (bool) {
        return isOpen(id) && block.timestamp < channels.channelOf(id).expiresAt;
    }

    function isClosing(uint256 id) internal view returns (bool) {
        return channels.channelOf(id).status == 2;
    }

    function isContested(uint256 id) internal view returns (bool) {
        return isClosing(id) && block.timestamp < channels.channelOf(id).closableAt;
    }

    function isUnclosed(uint256 id) internal view returns (bool) {
        return channels.channelOf(id).status < 3;
    }

    function hasMoney(uint256 id) internal view returns (bool) {
        return isUnclosed(id) && balance(Accounts.channel(id)) != 0;
    }

    function wasRedeemed(uint256 id) internal view returns (bool) {
        return isUnclosed(id) && channels.channelOf(id).nonce != 0;
    }

    function keyOf(address signer) internal view returns (uint256) {
        for (uint256 i; i < PARTIES; ++i) {
            if (parties[i] == signer) return keys[i];
        }
        revert("nobody's key");
    }

    function voucher(uint256 key, uint256 id, uint256 cumulative, uint64 nonce) internal view returns (bytes memory) {
        return sign(key, channels.voucherDigest(id, cumulative, nonce));
    }

    function channelOps(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return openChannel(pick, value);
        if (op == 1) return topUp(pick, value);
        if (op == 2) return redeem(pick, value);
        if (op < 6) return redeemWrongly(op, pick, value);
        if (op < 9) return startClose(op, pick);
        return close(op, pick, value);
    }

    function openChannel(uint256 pick, uint256 value) private returns (bool) {
        address payer = parties[pick % PARTIES];
        uint256 amount = some(payer, value >> 16, 100 * CREDITS);
        if (amount == 0) return false;
        address payee = parties[addmod(pick, 1 + value % 3, PARTIES)];
        address signer = parties[(value >> 8) % PARTIES];
        uint32 window = uint32(bound(value >> 32, 1 hours, 2 days));
        uint64 expiresAt = uint64(block.timestamp + bound(value >> 64, 1, 9 days));
        vm.prank(payer);
        channels.open(payee, signer, amount, window, expiresAt);
        return true;
    }

    function topUp(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isOpen, channels.channelCount(), pick);
        if (id == 0) return false;
        address payer = channels.channelOf(id).payer;
        uint256 amount = some(payer, value, CREDITS);
        if (amount == 0) return false;
        vm.prank(payer);
        channels.topUp(id, amount);
        return true;
    }

    function redeem(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(hasMoney, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        uint256 cumulative = channel.redeemed + bound(value >> 8, 1, balance(Accounts.channel(id)));
        uint64 nonce = channel.nonce + uint64(1 + value % 3);
        bytes memory signature = voucher(keyOf(channel.signer), id, cumulative, nonce);
        vm.prank(channel.payee);
        channels.redeem(id, cumulative, nonce, signature);
        cumulativeOf[id] = cumulative;
        return true;
    }

    function redeemWrongly(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 3 ? wasRedeemed : hasMoney, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        uint256 key = keyOf(channel.signer);
        uint256 deposits = channels.depositsOf(id);
        uint256 cumulative = channel.redeemed + 1;
        uint64 nonce = channel.nonce + 1;
        bytes memory refusal;
        if (op == 3) {
            nonce = uint64(value % nonce);
            refusal = abi.encodeWithSelector(IChannels.StaleNonce.selector, id, nonce, channel.nonce);
        } else if (op == 4) {
            cumulative = deposits + bound(value, 1, CREDITS);
            refusal = abi.encodeWithSelector(IChannels.ExceedsDeposits.selector, id, cumulative, deposits);
        } else {
            address found = parties[value % PARTIES];
            if (found == channel.signer) found = parties[addmod(value, 1, PARTIES)];
            key = keyOf(found);
            refusal = abi.encodeWithSelector(IChannels.WrongSigner.selector, id, channel.signer, found);
        }
        bytes memory signature = voucher(key, id, cumulative, nonce);
        vm.prank(channel.payee);
        vm.expectRevert(refusal);
        channels.redeem(id, cumulative, nonce, signature);
        return true;
    }

    function startClose(uint256 op, uint256 pick) private returns (bool) {
        uint256 id = find(op == 6 ? isOpen : op == 7 ? isExpired : isUnexpired, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        vm.prank(op == 6 ? channel.payer : address(0xB0B));
        if (op == 8) {
            vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, channel.expiresAt, block.timestamp));
        }
        channels.startClose(id);
        return true;
    }

    function close(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 9 ? isClosing : op == 10 ? isContested : isUnclosed, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        if (op == 9) {
            // Most closings are not waited for.
            if (block.timestamp < channel.closableAt && value % 4 != 0) return false;
            later(channel.closableAt);
            channels.close(id);
        } else if (op == 10) {
            vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, channel.closableAt, block.timestamp));
            channels.close(id);
        } else if (op == 11) {
            // A payee who closed at every chance would let no channel live.
            if (value % 4 != 0) return false;
            vm.prank(channel.payee);
            channels.closeByPayee(id);
        } else {
            if (value % 4 != 0) return false;
            uint256 cumulative = channel.redeemed + bound(value >> 8, 0, balance(Accounts.channel(id)));
            uint64 deadline = uint64(block.timestamp + bound(value >> 64, 1, 1 days));
            bytes memory signature = sign(keyOf(channel.signer), channels.closeDigest(id, cumulative, deadline));
            vm.prank(channel.payee);
            channels.closeTogether(id, cumulative, deadline, signature);
            cumulativeOf[id] = cumulative;
        }
        return true;
    }
}

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

/// @title The operations of a bounty and its claims, and the states that a good walk sees.
contract CommonsHandler is GuildOps {
    constructor() {
        vm.recordLogs();
        setUp();
        install();
        watch();
        string[39] memory all = [
            "open a channel",
            "topUp",
            "redeem",
            "redeem with a stale nonce is refused",
            "redeem beyond the deposits is refused",
            "redeem by another's signature is refused",
            "startClose by the payer",
            "startClose by anybody after the expiry",
            "startClose by anybody before it is refused",
            "close",
            "close while it is contested is refused",
            "closeByPayee",
            "closeTogether",
            "form",
            "invite",
            "join",
            "join by another offer is refused",
            "join beyond the whole is refused",
            "setShare",
            "setShare beyond the whole is refused",
            "claim a share",
            "claim nothing is refused",
            "pay a guild",
            "quit",
            "remove",
            "dissolve",
            "sweepGuild",
            "sweepGuild within its time is refused",
            "openBounty",
            "claim a bounty",
            "claim again is refused",
            "award",
            "payClaim",
            "payClaim too early is refused",
            "payClaim before its turn is refused",
            "releaseClaim",
            "closeBounty",
            "withdraw",
            "wait"
        ];
        for (uint256 i; i < all.length; ++i) {
            name(all[i]);
        }
        string[17] memory states = [
            "channel open",
            "channel closing",
            "channel closed",
            "channel expired",
            "invited",
            "member",
            "left",
            "removed",
            "expired",
            "a member whose time is over",
            "guild dissolved",
            "bounty open",
            "bounty closed with no claim",
            "bounty closed with all awards",
            "claim pending",
            "claim awarded",
            "claim released"
        ];
        for (uint256 i; i < states.length; ++i) {
            expectState(states[i]);
        }
    }

    function perform(uint256 op, uint256 pick, uint256 value) internal override returns (bool did) {
        did = choose(op, pick, value);
        // What a refused call has moved before its end is recorded, too.
        bool refused = (op > 2 && op < 6) || op == 8 || op == 10 || op == 16 || op == 17 || op == 19 || op == 21
            || op == 27 || op == 30 || op == 33 || op == 34;
        if (refused) overlook();
    }

    function choose(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        if (op < 13) return channelOps(op, pick, value);
        if (op < 28) return guildOps(op, pick, value);
        if (op == 28) return openBounty(pick, value);
        if (op < 31) return claimBounty(op, pick, value);
        if (op < 36) return endClaim(op, pick, value);
        if (op == 36) return closeBounty(pick, value);
        if (op == 37) return withdraw(pick, value);
        skip(value % 6 hours);
        return true;
    }

    function look() internal override {
        uint256 last = channels.channelCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            ++seen[channels.channelOf(id).status - 1];
            if (isExpired(id)) ++seen[3];
        }
        last = guilds.guildCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            if (isDissolved(id)) ++seen[10];
            for (uint256 i; i < PARTIES; ++i) {
                uint8 status = guilds.membershipOf(id, agents[i]).status;
                if (status != 0) ++seen[3 + status];
                if (status == 2 && !isEarning(id, agents[i])) ++seen[9];
            }
        }
        last = bounties.bountyCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            Bounty memory found = bounties.bountyOf(id);
            ++seen[!found.closed ? 11 : found.claims == 0 ? 12 : 13];
        }
        last = bounties.claimCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            uint8 status = bounties.claimOf(id).status;
            ++seen[status == 1 ? 14 : status == 3 ? 15 : 16];
        }
    }

    function openBounty(uint256 pick, uint256 value) private returns (bool) {
        address sponsor = parties[pick % PARTIES];
        uint256 pool = some(sponsor, value, 100 * CREDITS);
        uint16 awards = uint16(bound(value >> 128, 1, 3));
        if (pool < 2 * awards) return false;
        uint64 claimEnd = uint64(block.timestamp + bound(value >> 136, 60, 2 days));
        uint64 awardEnd = claimEnd + uint64(bound(value >> 160, 1 hours, 2 days));
        uint32 window = uint32(bound(value >> 192, 600, 1 days));
        BountyTerms memory asked = BountyTerms(pool, awards, claimEnd, awardEnd, window, "criteria", "uri");
        vm.prank(sponsor);
        bounties.openBounty(asked);
        return true;
    }

    function takesClaims(uint256 id) internal view returns (bool) {
        Bounty memory found = bounties.bountyOf(id);
        return !found.closed && block.timestamp < found.claimEnd && found.awarded < found.maxAwards;
    }

    function claimBounty(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(takesClaims, bounties.bountyCount(), pick);
        if (id == 0) return false;
        Bounty memory found = bounties.bountyOf(id);
        for (uint256 i; i < PARTIES; ++i) {
            uint256 k = addmod(value, i, PARTIES);
            (uint256 earlier,) = bounties.claimsBy(id, agents[k], parties[k]);
            if (parties[k] == found.sponsor || (earlier != 0) != (op == 30)) continue;
            if (op == 29 && stakeBalance(agents[k]) < bounties.claimBond(found.award)) continue;
            vm.prank(parties[k]);
            if (op == 30) vm.expectRevert(abi.encodeWithSelector(IBounties.ClaimedAlready.selector, id, earlier));
            bounties.claim(id, agents[k], "work");
            return true;
        }
        return false;
    }

    function isPending(uint256 claimId) internal view returns (bool) {
        return bounties.claimOf(claimId).status == 1;
    }

    function awardsLeft(uint256 claimId) internal view returns (uint256) {
        Bounty memory found = bounties.bountyOf(bounties.claimOf(claimId).bountyId);
        return found.maxAwards - found.awarded;
    }

    /// @dev How many undecided claims stand before this one, and the first of them.
    function ahead(uint256 claimId) internal view returns (uint256 waiting, uint256 first) {
        BountyClaim memory claimed = bounties.claimOf(claimId);
        for (uint16 i = claimed.position - 1; i != 0; --i) {
            uint256 other = bounties.claimAt(claimed.bountyId, i);
            if (bounties.claimOf(other).status > 2) continue;
            ++waiting;
            first = other;
        }
    }

    function canAward(uint256 claimId) internal view returns (bool) {
        return isPending(claimId) && awardsLeft(claimId) != 0
            && block.timestamp < bounties.bountyOf(bounties.claimOf(claimId).bountyId).awardEnd;
    }

    function hasItsTurn(uint256 claimId) internal view returns (bool) {
        (uint256 waiting,) = ahead(claimId);
        return isPending(claimId) && waiting < awardsLeft(claimId);
    }

    function isEarly(uint256 claimId) internal view returns (bool) {
        return isPending(claimId) && block.timestamp < bounties.payableFrom(claimId);
    }

    function waitsItsTurn(uint256 claimId) internal view returns (bool) {
        return isPending(claimId) && awardsLeft(claimId) != 0 && !hasItsTurn(claimId);
    }

    function isSuperfluous(uint256 claimId) internal view returns (bool) {
        return isPending(claimId) && awardsLeft(claimId) == 0;
    }

    function endClaim(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = op == 31
            ? find(canAward, bounties.claimCount(), pick)
            : op == 32
                ? find(hasItsTurn, bounties.claimCount(), pick)
                : op == 33
                    ? find(isEarly, bounties.claimCount(), pick)
                    : find(op == 34 ? waitsItsTurn : isSuperfluous, bounties.claimCount(), pick);
        if (id == 0) return false;
        uint64 from = bounties.payableFrom(id);
        if (op == 31) {
            address sponsor = bounties.bountyOf(bounties.claimOf(id).bountyId).sponsor;
            vm.prank(sponsor);
            bounties.award(id);
        } else if (op == 35) {
            bounties.releaseClaim(id);
        } else if (op == 33) {
            vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, from, block.timestamp));
            bounties.payClaim(id);
        } else {
            // Most are not waited for: their sponsors decide.
            if (block.timestamp < from && value % 4 != 0) return false;
            later(from);
            (, uint256 first) = ahead(id);
            if (op == 34) vm.expectRevert(abi.encodeWithSelector(IBounties.NotItsTurn.selector, id, first));
            bounties.payClaim(id);
        }
        return true;
    }

    function canClose(uint256 id) internal view returns (bool) {
        Bounty memory found = bounties.bountyOf(id);
        return !found.closed && (found.awarded == found.maxAwards || found.claims == found.decided);
    }

    function closeBounty(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(canClose, bounties.bountyCount(), pick);
        if (id == 0) return false;
        Bounty memory found = bounties.bountyOf(id);
        if (found.awarded < found.maxAwards) {
            if (block.timestamp < found.claimEnd && value % 4 != 0) return false;
            later(found.claimEnd);
        }
        bounties.closeBounty(id);
        return true;
    }

    function withdraw(uint256 pick, uint256 value) private returns (bool) {
        address who = parties[pick % PARTIES];
        uint256 amount = some(who, value, CREDITS);
        if (amount == 0) return false;
        vm.prank(who);
        vault.withdraw(amount, address(0xEE));
        return true;
    }
}
