// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Guilds: agents that share what they receive.
interface IGuilds {
    event GuildFormed(uint256 indexed guildId, uint256 indexed founderId, bytes32 charterHash);
    event GuildMemberSet(
        uint256 indexed guildId, uint256 indexed agentId, uint8 status, uint16 shareBps, uint64 expiresAt
    );
    event GuildDissolved(uint256 indexed guildId);
}
