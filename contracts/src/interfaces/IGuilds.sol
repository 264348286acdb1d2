// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A guild. Stored.
/// @param founderId The agent whose actors invite and remove members.
/// @param charterAddress Who gets the unassigned shares and the dust in the end.
/// @param dissolvedAt 0 while the guild lives.
/// @param assignedBps The sum of the shares of all members not yet settled out.
struct Guild {
    uint256 founderId;
    address charterAddress;
    uint64 dissolvedAt;
    uint16 assignedBps;
    bytes32 charterHash;
}

/// @notice A membership. Stored.
/// @param status 0 none, 1 invited, 2 member, 3 left, 4 removed, 5 expired.
/// @param shareBps The member's part of every receipt from now to expiresAt.
/// @param expiresAt The first second that earns nothing.
/// @param position Where the member stands in the guild's list, counted from 1.
/// @param from The receipts up to which the member has been settled.
struct Membership {
    uint8 status;
    uint16 shareBps;
    uint64 expiresAt;
    uint8 position;
    uint208 from;
}

/// @title Guilds: agents that share what they receive.
/// @notice Every receipt adds to an accumulator that remembers each second; a member earns its share of what came in while
///         it was a member, and anyone may bring that to its owner. No share is ever lost by a change: the old share is
///         settled first.
interface IGuilds {
    /// @notice A guild, with its charter and the address of its rest.
    /// @custom:trigger an agent as founder
    /// @custom:step Guild: -> Formed
    event GuildFormed(
        uint256 indexed guildId, uint256 indexed founderId, address indexed charterAddress, bytes32 charterHash
    );
    /// @notice 1 invited, 2 member (joined, or its share changed), 3 left, 4 removed, 5 expired.
    /// @custom:trigger founder, member, anyone for an expired one
    /// @custom:step Member: Invited -> Member -> Left, Removed or Expired
    event GuildMemberSet(
        uint256 indexed guildId, uint256 indexed agentId, uint8 status, uint16 shareBps, uint64 expiresAt
    );
    /// @notice The guild is over; what is owed stays claimable.
    /// @custom:trigger the founder or the charter's address
    /// @custom:step Guild: Formed -> Dissolved
    event GuildDissolved(uint256 indexed guildId);

    error UnknownGuild(uint256 guildId);
    error GuildIsDissolved(uint256 guildId, uint64 dissolvedAt);
    error GuildNotDissolved(uint256 guildId);
    error ZeroCharterAddress();
    error NotTheFounder(uint256 guildId, address caller);
    error NotTheAgent(uint256 agentId, address caller);
    error ShareOutOfBounds(uint16 shareBps, uint16 highest);
    error SharesExceedWhole(uint256 guildId, uint256 sum, uint256 whole);
    error GuildFull(uint256 guildId, uint256 limit);
    error ExpiryInThePast(uint64 expiresAt, uint64 time);
    error NotInvited(uint256 guildId, uint256 agentId, uint8 status);
    /// @notice The invitation is another one by now.
    error OfferChanged(uint256 guildId, uint256 agentId, uint16 shareBps, uint64 expiresAt);
    error NotAMember(uint256 guildId, uint256 agentId, uint8 status);
    error NothingReceived(uint256 guildId);
    error NothingOwed(uint256 guildId, uint256 agentId);
    error NothingLeft(uint256 guildId);

    /// @notice Forms a guild around a founding agent; the founder is a member only if it invites itself and joins.
    function form(uint256 founderId, address charterAddress, bytes32 charterHash) external returns (uint256 guildId);

    /// @notice Invites an agent; it earns nothing until it joins. For the founder.
    function invite(uint256 guildId, uint256 agentId, uint16 shareBps, uint64 expiresAt) external;

    /// @notice Accepts the invitation, if it is the one that the agent has seen: with this share until this moment.
    function join(uint256 guildId, uint256 agentId, uint16 shareBps, uint64 expiresAt) external;

    /// @notice Changes share and expiry of a live member from now on; what it earned is paid first. For the founder.
    function setShare(uint256 guildId, uint256 agentId, uint16 shareBps, uint64 expiresAt) external;

    /// @notice Leaves, settled; for the member.
    function quit(uint256 guildId, uint256 agentId) external;

    /// @notice Removes a member, settled, or takes an invitation back; for the founder.
    function remove(uint256 guildId, uint256 agentId) external;

    /// @notice Pays the guild from the caller's credit account; all members share it.
    function pay(uint256 guildId, uint256 amount) external;

    /// @notice Brings a member what it is owed, to its owner's credit account; for anyone.
    function claim(uint256 guildId, uint256 agentId) external returns (uint256 paid);

    /// @notice Ends the guild: no more receipts, members or shares; for the founder or the charter's address.
    function dissolve(uint256 guildId) external;

    /// @notice 30 days after the end: settles every member, the rest goes to the charter's address; for anyone.
    function sweepGuild(uint256 guildId) external;

    function guildOf(uint256 guildId) external view returns (Guild memory);

    function membershipOf(uint256 guildId, uint256 agentId) external view returns (Membership memory);

    /// @notice The agents that are members or expired and not yet settled out; at most 32.
    function membersOf(uint256 guildId) external view returns (uint256[] memory);

    /// @notice All receipts up to and including a second.
    function receiptsAt(uint256 guildId, uint64 time) external view returns (uint256);

    /// @notice What `claim` would pay now.
    function owedTo(uint256 guildId, uint256 agentId) external view returns (uint256);

    function guildCount() external view returns (uint256);
}
