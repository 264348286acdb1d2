// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { Channel, IChannels } from "../interfaces/IChannels.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IChannels.
/// @dev Vouchers come in, payments and the rest go out. Always holds: redeemed only grows, and never passes the deposits;
///      a closed channel's account is empty. Redeeming and the payer's start of a close never ask the breaker.
contract Channels is IChannels, Module, EIP712 {
    uint8 internal constant OPEN = 1;
    uint8 internal constant CLOSING = 2;
    uint8 internal constant CLOSED = 3;

    uint32 internal constant SHORTEST_WINDOW = 1 hours;
    uint32 internal constant LONGEST_WINDOW = 30 days;

    bytes32 internal constant VOUCHER = keccak256("Voucher(uint256 channelId,uint256 cumulative,uint64 nonce)");
    bytes32 internal constant COOPERATIVE_CLOSE =
        keccak256("CooperativeClose(uint256 channelId,uint256 cumulative,uint64 deadline)");

    uint256 internal _count;
    mapping(uint256 channelId => Channel) internal _channels;

    constructor(Wiring memory wiring, Genesis memory)
        Module(wiring, "channels")
        EIP712("EventSourced Channels", "1")
    { }

    /// @inheritdoc IChannels
    function open(address payee, address signer, uint256 amount, uint32 challengeWindow, uint64 expiresAt)
        external
        opening
        returns (uint256 channelId)
    {
        address payer = _msgSender();
        require(payee != address(0) && signer != address(0), ZeroParty());
        require(payee != payer, PayeeIsPayer(payer));
        require(
            challengeWindow >= SHORTEST_WINDOW && challengeWindow <= LONGEST_WINDOW,
            WindowOutOfBounds(challengeWindow, SHORTEST_WINDOW, LONGEST_WINDOW)
        );
        require(expiresAt > _now(), ExpiryInThePast(expiresAt, _now()));
        require(amount != 0, EmptyDeposit());

        channelId = ++_count;
        Channel storage channel = _channels[channelId];
        channel.payer = payer;
        channel.challengeWindow = challengeWindow;
        channel.expiresAt = expiresAt;
        channel.payee = payee;
        channel.signer = signer;
        channel.status = OPEN;
        emit ChannelOpened(channelId, payer, payee, signer, challengeWindow, expiresAt);
        _move(Accounts.credit(payer), Accounts.channel(channelId), channelId, amount, Reasons.CHANNEL_DEPOSIT);
    }

    /// @inheritdoc IChannels
    function topUp(uint256 channelId, uint256 amount) external opening {
        Channel storage channel = _channels[channelId];
        require(channel.status == OPEN, WrongStatus(channelId, channel.status));
        require(_msgSender() == channel.payer, OnlyPayer(channelId, _msgSender()));
        require(amount != 0, EmptyDeposit());
        _move(Accounts.credit(channel.payer), Accounts.channel(channelId), channelId, amount, Reasons.CHANNEL_DEPOSIT);
    }

    /// @inheritdoc IChannels
    function redeem(uint256 channelId, uint256 cumulative, uint64 nonce, bytes calldata signature) external {
        Channel storage channel = _channels[channelId];
        _requireUnclosed(channelId, channel);
        require(_msgSender() == channel.payee, OnlyPayee(channelId, _msgSender()));
        require(cumulative > channel.redeemed, NotIncreasing(channelId, cumulative, channel.redeemed));
        require(nonce > channel.nonce, StaleNonce(channelId, nonce, channel.nonce));
        _requireSigned(channelId, channel.signer, voucherDigest(channelId, cumulative, nonce), signature);
        _pay(channelId, channel, cumulative, nonce);
    }

    /// @inheritdoc IChannels
    function closeTogether(
        uint256 channelId,
        uint256 cumulative,
        uint64 deadline,
        bytes calldata signerSignature,
        bytes calldata payeeSignature
    ) external {
        Channel storage channel = _channels[channelId];
        _requireUnclosed(channelId, channel);
        // A signature's own deadline: the breaker does not stretch what somebody has signed.
        require(block.timestamp < deadline, SignatureExpired(deadline, block.timestamp));
        require(cumulative >= channel.redeemed, NotIncreasing(channelId, cumulative, channel.redeemed));
        bytes32 digest = closeDigest(channelId, cumulative, deadline);
        _requireSigned(channelId, channel.signer, digest, signerSignature);
        _requireSigned(channelId, channel.payee, digest, payeeSignature);
        if (cumulative > channel.redeemed) _pay(channelId, channel, cumulative, channel.nonce);
        _close(channelId, channel);
    }

    /// @inheritdoc IChannels
    function closeByPayee(uint256 channelId) external {
        Channel storage channel = _channels[channelId];
        _requireUnclosed(channelId, channel);
        require(_msgSender() == channel.payee, OnlyPayee(channelId, _msgSender()));
        _close(channelId, channel);
    }

    /// @inheritdoc IChannels
    function startClose(uint256 channelId) external {
        Channel storage channel = _channels[channelId];
        require(channel.status == OPEN, WrongStatus(channelId, channel.status));
        address caller = _msgSender();
        if (caller != channel.payer) _requireExpired(channel.expiresAt);
        uint64 closableAt = _now() + channel.challengeWindow;
        channel.status = CLOSING;
        channel.closableAt = closableAt;
        emit ChannelClosing(channelId, caller, closableAt);
    }

    /// @inheritdoc IChannels
    function close(uint256 channelId) external timeout {
        Channel storage channel = _channels[channelId];
        require(channel.status == CLOSING, WrongStatus(channelId, channel.status));
        _requireFrom(channel.closableAt);
        _close(channelId, channel);
    }

    /// @inheritdoc IChannels
    function channelOf(uint256 channelId) external view returns (Channel memory) {
        return _channels[channelId];
    }

    /// @inheritdoc IChannels
    function depositsOf(uint256 channelId) public view returns (uint256) {
        return VAULT.balanceOf(Accounts.channel(channelId)) + _channels[channelId].redeemed;
    }

    /// @inheritdoc IChannels
    function channelCount() external view returns (uint256) {
        return _count;
    }

    /// @inheritdoc IChannels
    function voucherDigest(uint256 channelId, uint256 cumulative, uint64 nonce) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER, channelId, cumulative, nonce)));
    }

    /// @inheritdoc IChannels
    function closeDigest(uint256 channelId, uint256 cumulative, uint64 deadline) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(COOPERATIVE_CLOSE, channelId, cumulative, deadline)));
    }

    function _pay(uint256 channelId, Channel storage channel, uint256 cumulative, uint64 nonce) internal {
        uint256 deposits = depositsOf(channelId);
        require(cumulative <= deposits, ExceedsDeposits(channelId, cumulative, deposits));
        uint256 difference = cumulative - channel.redeemed;
        channel.redeemed = cumulative;
        channel.nonce = nonce;
        emit ChannelRedeemed(channelId, cumulative, nonce);
        _move(Accounts.channel(channelId), Accounts.credit(channel.payee), channelId, difference, Reasons.CHANNEL_PAY);
    }

    function _close(uint256 channelId, Channel storage channel) internal {
        channel.status = CLOSED;
        emit ChannelClosed(channelId);
        bytes32 account = Accounts.channel(channelId);
        _move(account, Accounts.credit(channel.payer), channelId, VAULT.balanceOf(account), Reasons.REFUND);
    }

    function _requireExpired(uint64 expiresAt) internal view timeout {
        _requireFrom(expiresAt);
    }

    function _requireUnclosed(uint256 channelId, Channel storage channel) internal view {
        require(channel.status == OPEN || channel.status == CLOSING, WrongStatus(channelId, channel.status));
    }

    /// @dev ECDSA alone, 65 bytes, low s: one voucher has one signature.
    function _requireSigned(uint256 channelId, address expected, bytes32 digest, bytes calldata signature)
        internal
        pure
    {
        (address found,,) = ECDSA.tryRecoverCalldata(digest, signature);
        require(found == expected, WrongSigner(channelId, expected, found));
    }
}
