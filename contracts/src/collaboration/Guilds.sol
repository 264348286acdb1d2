// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Checkpoints } from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { Guild, IGuilds, Membership } from "../interfaces/IGuilds.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IGuilds.
/// @dev Receipts come in, shares go out. Always holds: the shares of all listed members sum to assignedBps <= 10,000, so the
///      guild's account covers what they are owed together. Dust of a settlement stays for the charter's address.
contract Guilds is IGuilds, Module {
    using Checkpoints for Checkpoints.Trace208;

    uint8 internal constant INVITED = 1;
    uint8 internal constant MEMBER = 2;
    uint8 internal constant LEFT = 3;
    uint8 internal constant REMOVED = 4;
    uint8 internal constant EXPIRED = 5;

    uint16 internal constant WHOLE = 10_000;
    uint256 internal constant MOST_MEMBERS = 32;
    uint64 internal constant SWEEP_AFTER = 30 days;

    uint256 internal _count;
    mapping(uint256 guildId => Guild) internal _guilds;
    mapping(uint256 guildId => mapping(uint256 agentId => Membership)) internal _memberships;
    mapping(uint256 guildId => uint256[]) internal _members;
    mapping(uint256 guildId => Checkpoints.Trace208) internal _receipts;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "guilds") { }

    /// @inheritdoc IGuilds
    function form(uint256 founderId, address charterAddress, bytes32 charterHash)
        external
        opening
        returns (uint256 guildId)
    {
        REGISTRY.requireActor(founderId, _msgSender());
        require(charterAddress != address(0), ZeroCharterAddress());
        guildId = ++_count;
        _guilds[guildId] = Guild(founderId, charterAddress, 0, 0, charterHash);
        emit GuildFormed(guildId, founderId, charterAddress, charterHash);
    }

    /// @inheritdoc IGuilds
    function invite(uint256 guildId, uint256 agentId, uint16 shareBps, uint64 expiresAt) external opening {
        Guild storage guild = _living(guildId);
        _requireFounder(guildId, guild);
        _requireOffer(shareBps, expiresAt);
        REGISTRY.ownerOf(agentId);
        _settleExpired(guildId);
        Membership storage membership = _memberships[guildId][agentId];
        require(membership.status != MEMBER, NotInvited(guildId, agentId, membership.status));
        _memberships[guildId][agentId] = Membership(INVITED, shareBps, expiresAt, 0, 0);
        emit GuildMemberSet(guildId, agentId, INVITED, shareBps, expiresAt);
    }

    /// @inheritdoc IGuilds
    function join(uint256 guildId, uint256 agentId, uint16 shareBps, uint64 expiresAt) external opening {
        Guild storage guild = _living(guildId);
        REGISTRY.requireActor(agentId, _msgSender());
        Membership storage membership = _memberships[guildId][agentId];
        require(membership.status == INVITED, NotInvited(guildId, agentId, membership.status));
        require(
            membership.shareBps == shareBps && membership.expiresAt == expiresAt,
            OfferChanged(guildId, agentId, membership.shareBps, membership.expiresAt)
        );
        require(expiresAt > _now(), ExpiryInThePast(expiresAt, _now()));
        _settleExpired(guildId);
        uint256[] storage members = _members[guildId];
        require(members.length < MOST_MEMBERS, GuildFull(guildId, MOST_MEMBERS));
        _assign(guildId, guild, uint256(guild.assignedBps) + shareBps);
        members.push(agentId);
        membership.status = MEMBER;
        membership.position = uint8(members.length);
        membership.from = _receipts[guildId].latest();
        emit GuildMemberSet(guildId, agentId, MEMBER, shareBps, expiresAt);
    }

    /// @inheritdoc IGuilds
    function setShare(uint256 guildId, uint256 agentId, uint16 shareBps, uint64 expiresAt) external opening {
        Guild storage guild = _living(guildId);
        _requireFounder(guildId, guild);
        _requireOffer(shareBps, expiresAt);
        _settleExpired(guildId);
        Membership storage membership = _memberships[guildId][agentId];
        require(membership.status == MEMBER, NotAMember(guildId, agentId, membership.status));
        _settle(guildId, agentId);
        _assign(guildId, guild, uint256(guild.assignedBps) - membership.shareBps + shareBps);
        membership.shareBps = shareBps;
        membership.expiresAt = expiresAt;
        membership.from = _receipts[guildId].latest();
        emit GuildMemberSet(guildId, agentId, MEMBER, shareBps, expiresAt);
    }

    /// @inheritdoc IGuilds
    function quit(uint256 guildId, uint256 agentId) external {
        require(REGISTRY.mayAct(agentId, _msgSender()), NotTheAgent(agentId, _msgSender()));
        uint8 status = _memberships[guildId][agentId].status;
        require(status == MEMBER, NotAMember(guildId, agentId, status));
        _settleOut(guildId, agentId, LEFT);
    }

    /// @inheritdoc IGuilds
    function remove(uint256 guildId, uint256 agentId) external {
        Guild storage guild = _living(guildId);
        _requireFounder(guildId, guild);
        Membership storage membership = _memberships[guildId][agentId];
        require(
            membership.status == MEMBER || membership.status == INVITED, NotAMember(guildId, agentId, membership.status)
        );
        _settleOut(guildId, agentId, REMOVED);
    }

    /// @inheritdoc IGuilds
    function pay(uint256 guildId, uint256 amount) external opening {
        _living(guildId);
        require(amount != 0, NothingReceived(guildId));
        Checkpoints.Trace208 storage receipts = _receipts[guildId];
        receipts.push(uint48(block.timestamp), SafeCast.toUint208(receipts.latest() + amount));
        _move(Accounts.credit(_msgSender()), Accounts.guild(guildId), guildId, amount, Reasons.GUILD_RECEIPT);
    }

    /// @inheritdoc IGuilds
    function claim(uint256 guildId, uint256 agentId) external returns (uint256 paid) {
        uint8 status = _memberships[guildId][agentId].status;
        require(status == MEMBER, NotAMember(guildId, agentId, status));
        paid = _settle(guildId, agentId);
        require(paid != 0, NothingOwed(guildId, agentId));
    }

    /// @inheritdoc IGuilds
    function dissolve(uint256 guildId) external {
        Guild storage guild = _living(guildId);
        address caller = _msgSender();
        // The charter's address too: a founder who is gone must not keep the rest from it.
        if (caller != guild.charterAddress) _requireFounder(guildId, guild);
        guild.dissolvedAt = _now();
        emit GuildDissolved(guildId);
    }

    /// @inheritdoc IGuilds
    function sweepGuild(uint256 guildId) external timeout {
        Guild storage guild = _guilds[guildId];
        require(guild.dissolvedAt != 0, GuildNotDissolved(guildId));
        _requireFrom(guild.dissolvedAt + SWEEP_AFTER);
        bytes32 account = Accounts.guild(guildId);
        require(VAULT.balanceOf(account) != 0, NothingLeft(guildId));
        uint256[] memory members = _members[guildId];
        for (uint256 i; i < members.length; ++i) {
            _settle(guildId, members[i]);
        }
        // Agent 0 stands for the charter's address.
        _move(account, Accounts.credit(guild.charterAddress), 0, VAULT.balanceOf(account), Reasons.GUILD_SHARE);
    }

    /// @inheritdoc IGuilds
    function guildOf(uint256 guildId) external view returns (Guild memory) {
        return _guilds[guildId];
    }

    /// @inheritdoc IGuilds
    function membershipOf(uint256 guildId, uint256 agentId) external view returns (Membership memory) {
        return _memberships[guildId][agentId];
    }

    /// @inheritdoc IGuilds
    function membersOf(uint256 guildId) external view returns (uint256[] memory) {
        return _members[guildId];
    }

    /// @inheritdoc IGuilds
    function receiptsAt(uint256 guildId, uint64 time) public view returns (uint256) {
        return _receipts[guildId].upperLookupRecent(SafeCast.toUint48(time));
    }

    /// @inheritdoc IGuilds
    function owedTo(uint256 guildId, uint256 agentId) external view returns (uint256 owed) {
        Membership storage membership = _memberships[guildId][agentId];
        if (membership.status == MEMBER) (owed,) = _owed(guildId, membership);
    }

    /// @inheritdoc IGuilds
    function guildCount() external view returns (uint256) {
        return _count;
    }

    /// @dev A member earns in [joined, expiresAt): what comes in at expiresAt itself is no longer shared with it.
    function _owed(uint256 guildId, Membership storage membership) internal view returns (uint256 owed, uint208 upTo) {
        Checkpoints.Trace208 storage receipts = _receipts[guildId];
        upTo = _now() < membership.expiresAt
            ? receipts.latest()
            : receipts.upperLookupRecent(uint48(membership.expiresAt - 1));
        owed = uint256(upTo - membership.from) * membership.shareBps / WHOLE;
    }

    /// @dev Nothing owed changes nothing: a fraction of a base unit stays claimable until it is whole.
    function _settle(uint256 guildId, uint256 agentId) internal returns (uint256 owed) {
        Membership storage membership = _memberships[guildId][agentId];
        uint208 upTo;
        (owed, upTo) = _owed(guildId, membership);
        if (owed == 0) return 0;
        membership.from = upTo;
        bytes32 home = Accounts.credit(REGISTRY.ownerOf(agentId));
        _move(Accounts.guild(guildId), home, agentId, owed, Reasons.GUILD_SHARE);
    }

    function _settleOut(uint256 guildId, uint256 agentId, uint8 status) internal {
        if (_memberships[guildId][agentId].status == MEMBER) _settle(guildId, agentId);
        _takeOut(guildId, agentId, status);
        emit GuildMemberSet(guildId, agentId, status, 0, 0);
    }

    /// @dev Takes a membership off the list (the last one moves into its place) and frees its share.
    function _takeOut(uint256 guildId, uint256 agentId, uint8 status) internal {
        Membership memory old = _memberships[guildId][agentId];
        if (old.position != 0) {
            uint256[] storage members = _members[guildId];
            uint256 last = members[members.length - 1];
            members[old.position - 1] = last;
            _memberships[guildId][last].position = old.position;
            members.pop();
            _guilds[guildId].assignedBps -= old.shareBps;
        }
        _memberships[guildId][agentId] = Membership(status, 0, 0, 0, 0);
    }

    function _settleExpired(uint256 guildId) internal {
        uint256[] memory members = _members[guildId];
        for (uint256 i; i < members.length; ++i) {
            if (_memberships[guildId][members[i]].expiresAt <= _now()) _settleOut(guildId, members[i], EXPIRED);
        }
    }

    function _assign(uint256 guildId, Guild storage guild, uint256 sum) internal {
        require(sum <= WHOLE, SharesExceedWhole(guildId, sum, WHOLE));
        guild.assignedBps = uint16(sum);
    }

    function _living(uint256 guildId) internal view returns (Guild storage guild) {
        guild = _guilds[guildId];
        require(guild.founderId != 0, UnknownGuild(guildId));
        require(guild.dissolvedAt == 0, GuildIsDissolved(guildId, guild.dissolvedAt));
    }

    function _requireFounder(uint256 guildId, Guild storage guild) internal view {
        require(REGISTRY.mayAct(guild.founderId, _msgSender()), NotTheFounder(guildId, _msgSender()));
    }

    function _requireOffer(uint16 shareBps, uint64 expiresAt) internal view {
        require(shareBps != 0 && shareBps <= WHOLE, ShareOutOfBounds(shareBps, WHOLE));
        require(expiresAt > _now(), ExpiryInThePast(expiresAt, _now()));
    }
}
