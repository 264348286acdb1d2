// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Payment channels with cumulative EIP-712 vouchers.
interface IChannels {
    event ChannelOpened(
        uint256 indexed channelId,
        address indexed payer,
        address indexed payee,
        address signer,
        uint32 challengeWindow,
        uint64 expiresAt
    );
    event ChannelRedeemed(uint256 indexed channelId, uint256 cumulative, uint64 nonce);
    event ChannelClosing(uint256 indexed channelId, address indexed by, uint64 closableAt);
    event ChannelClosed(uint256 indexed channelId);
}
