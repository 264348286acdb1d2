// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { Channel, IChannels } from "../interfaces/IChannels.sol";
import { ChannelConfig, IVouchers, VoucherClaim } from "../interfaces/IVouchers.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Signatures } from "../libraries/Signatures.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";
import { Vouchers } from "./Vouchers.sol";

/// @notice See IChannels and IVouchers.
/// @dev Vouchers come in, payments and the rest go out. Always holds: redeemed only grows, and never passes the deposits;
///      a closed channel's account is empty; a config has one channel for ever. Redeeming, refunds and the payer's start of a
///      close never ask the breaker.
contract Channels is IChannels, Vouchers, Module, EIP712 {
    uint8 internal constant OPEN = 1;
    uint8 internal constant CLOSING = 2;
    uint8 internal constant CLOSED = 3;

    uint32 internal constant SHORTEST_WINDOW = 1 hours;
    uint32 internal constant LONGEST_WINDOW = 30 days;
    uint40 internal constant SHORTEST_DELAY = 15 minutes;
    uint40 internal constant LONGEST_DELAY = 30 days;
    uint64 internal constant CONFIG_LIFE = 365 days;
    uint256 internal constant MOST_CLAIMS = 64;

    bytes32 internal constant VOUCHER = keccak256("Voucher(uint256 channelId,uint256 cumulative,uint64 nonce)");
    bytes32 internal constant COOPERATIVE_CLOSE =
        keccak256("CooperativeClose(uint256 channelId,uint256 cumulative,uint64 deadline)");

    address internal immutable CREDIT;

    uint256 internal _count;
    mapping(uint256 channelId => Channel) internal _channels;
    mapping(bytes32 configId => uint256 channelId) internal _byConfig;
    mapping(uint256 channelId => uint256) internal _refunds;

    constructor(Wiring memory wiring, Genesis memory)
        Module(wiring, "channels")
        EIP712("EventSourced Channels", "1")
    {
        CREDIT = wiring.credit;
    }

    /// @inheritdoc IChannels
    function open(address payee, address signer, uint256 amount, uint32 challengeWindow, uint64 expiresAt)
        external
        opening
        returns (uint256 channelId)
    {
        address payer = _msgSender();
        require(payee != address(0) && signer != address(0), ZeroParty());
        require(
            challengeWindow >= SHORTEST_WINDOW && challengeWindow <= LONGEST_WINDOW,
            WindowOutOfBounds(challengeWindow, SHORTEST_WINDOW, LONGEST_WINDOW)
        );
        require(expiresAt > _now(), ExpiryInThePast(expiresAt, _now()));
        channelId = _open(payer, payee, signer, challengeWindow, expiresAt);
        _add(channelId, payer, amount);
    }

    /// @inheritdoc IChannels
    function topUp(uint256 channelId, uint256 amount) external opening {
        Channel storage channel = _channels[channelId];
        require(channel.status == OPEN, WrongStatus(channelId, channel.status));
        require(_msgSender() == channel.payer, OnlyPayer(channelId, _msgSender()));
        _add(channelId, channel.payer, amount);
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
    /// @dev The payee has the last word: a close that it agreed to long ago could otherwise beat a later voucher.
    function closeTogether(uint256 channelId, uint256 cumulative, uint64 deadline, bytes calldata signature) external {
        Channel storage channel = _channels[channelId];
        _requireUnclosed(channelId, channel);
        require(_msgSender() == channel.payee, OnlyPayee(channelId, _msgSender()));
        // A signature's own deadline: the breaker does not stretch what somebody has signed.
        require(block.timestamp < deadline, SignatureExpired(deadline, block.timestamp));
        require(cumulative >= channel.redeemed, NotIncreasing(channelId, cumulative, channel.redeemed));
        _requireSigned(channelId, channel.signer, closeDigest(channelId, cumulative, deadline), signature);
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

    /// @inheritdoc IVouchers
    function deposit(ChannelConfig calldata config, uint128 amount) external opening returns (uint256 channelId) {
        require(_msgSender() == config.payer, NotThePayer(config.payer, _msgSender()));
        bytes32 configId = getChannelId(config);
        channelId = _byConfig[configId];
        if (channelId == 0) {
            channelId = _openConfig(configId, config);
        } else {
            require(_channels[channelId].status == OPEN, WrongStatus(channelId, _channels[channelId].status));
        }
        _add(channelId, config.payer, amount);
    }

    /// @inheritdoc IVouchers
    function claim(VoucherClaim[] calldata claims) external {
        _requireBatch(claims.length);
        for (uint256 i; i < claims.length; ++i) {
            ChannelConfig calldata config = claims[i].voucher.channel;
            bytes32 configId = getChannelId(config);
            _requireReceiver(configId, config);
            _claim(configId, claims[i]);
        }
    }

    /// @inheritdoc IVouchers
    function claimWithSignature(VoucherClaim[] calldata claims, bytes calldata authorizerSignature) external {
        _requireBatch(claims.length);
        address authorizer = claims[0].voucher.channel.receiverAuthorizer;
        bytes32 first = getChannelId(claims[0].voucher.channel);
        _requireSignedBy(_known(first), authorizer, getClaimBatchDigest(claims), authorizerSignature);
        for (uint256 i; i < claims.length; ++i) {
            ChannelConfig calldata config = claims[i].voucher.channel;
            bytes32 configId = getChannelId(config);
            require(
                config.receiverAuthorizer == authorizer,
                OtherAuthorizer(configId, authorizer, config.receiverAuthorizer)
            );
            _claim(configId, claims[i]);
        }
    }

    /// @inheritdoc IVouchers
    function refund(ChannelConfig calldata config, uint128 amount) external {
        bytes32 configId = getChannelId(config);
        _requireReceiver(configId, config);
        _refund(configId, _known(configId), amount);
    }

    /// @inheritdoc IVouchers
    function refundWithSignature(
        ChannelConfig calldata config,
        uint128 amount,
        uint256 nonce,
        bytes calldata receiverAuthorizerSignature
    ) external {
        bytes32 configId = getChannelId(config);
        uint256 channelId = _known(configId);
        require(nonce == _refunds[channelId], WrongRefundNonce(configId, nonce, _refunds[channelId]));
        bytes32 digest = getRefundDigest(configId, nonce, amount);
        _requireSignedBy(channelId, config.receiverAuthorizer, digest, receiverAuthorizerSignature);
        _refund(configId, channelId, amount);
    }

    /// @inheritdoc IVouchers
    function channelIdOf(bytes32 configId) external view returns (uint256) {
        return _byConfig[configId];
    }

    /// @inheritdoc IVouchers
    function channels(bytes32 configId) external view returns (uint128 balance, uint128 totalClaimed) {
        uint256 channelId = _byConfig[configId];
        return (uint128(depositsOf(channelId)), uint128(_channels[channelId].redeemed));
    }

    /// @inheritdoc IVouchers
    function pendingWithdrawals(bytes32 configId) external view returns (uint128 amount, uint40 initiatedAt) {
        uint256 channelId = _byConfig[configId];
        Channel storage channel = _channels[channelId];
        if (channel.status != CLOSING) return (0, 0);
        amount = uint128(VAULT.balanceOf(Accounts.channel(channelId)));
        initiatedAt = uint40(channel.closableAt - channel.challengeWindow);
    }

    /// @inheritdoc IVouchers
    function refundNonce(bytes32 configId) external view returns (uint256) {
        return _refunds[_byConfig[configId]];
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

    function _open(address payer, address payee, address signer, uint32 window, uint64 expiresAt)
        private
        returns (uint256 channelId)
    {
        require(payee != payer, PayeeIsPayer(payer));
        channelId = ++_count;
        Channel storage channel = _channels[channelId];
        channel.payer = payer;
        channel.challengeWindow = window;
        channel.expiresAt = expiresAt;
        channel.payee = payee;
        channel.signer = signer;
        channel.status = OPEN;
        emit ChannelOpened(channelId, payer, payee, signer, window, expiresAt);
    }

    function _openConfig(bytes32 configId, ChannelConfig calldata config) private returns (uint256 channelId) {
        require(config.receiver != address(0), ZeroParty());
        require(config.token == CREDIT, ForeignToken(config.token, CREDIT));
        require(uint256(config.salt) >> 96 == uint160(address(this)), ForeignSalt(config.salt, address(this)));
        require(
            config.withdrawDelay >= SHORTEST_DELAY && config.withdrawDelay <= LONGEST_DELAY,
            DelayOutOfBounds(config.withdrawDelay, SHORTEST_DELAY, LONGEST_DELAY)
        );
        address signer = config.payerAuthorizer == address(0) ? config.payer : config.payerAuthorizer;
        channelId = _open(config.payer, config.receiver, signer, uint32(config.withdrawDelay), _now() + CONFIG_LIFE);
        _byConfig[configId] = channelId;
        emit ChannelConfigured(channelId, configId, config.payerAuthorizer, config.receiverAuthorizer, config.salt);
    }

    function _add(uint256 channelId, address payer, uint256 amount) private {
        require(amount != 0, EmptyDeposit());
        _move(Accounts.credit(payer), Accounts.channel(channelId), channelId, amount, Reasons.CHANNEL_DEPOSIT);
    }

    function _claim(bytes32 configId, VoucherClaim calldata claimed) private {
        uint256 channelId = _known(configId);
        Channel storage channel = _channels[channelId];
        uint128 total = claimed.totalClaimed;
        uint128 most = claimed.voucher.maxClaimableAmount;
        _requireUnclosed(channelId, channel);
        require(total <= most, AboveVoucher(configId, total, most));
        require(total > channel.redeemed, NotIncreasing(channelId, total, channel.redeemed));
        bytes32 digest = getVoucherDigest(configId, most);
        // A named authorizer is a key. Without one the payer signs, as whatever account it is.
        if (claimed.voucher.channel.payerAuthorizer == address(0)) {
            _requireSignedBy(channelId, channel.payer, digest, claimed.signature);
        } else {
            _requireSigned(channelId, channel.signer, digest, claimed.signature);
        }
        _pay(channelId, channel, total, channel.nonce);
    }

    /// @dev More than is there gives back what is there: a refund and a claim may cross.
    function _refund(bytes32 configId, uint256 channelId, uint128 amount) private {
        Channel storage channel = _channels[channelId];
        _requireUnclosed(channelId, channel);
        bytes32 account = Accounts.channel(channelId);
        uint256 given = Math.min(amount, VAULT.balanceOf(account));
        require(given != 0, NothingToRefund(configId));
        emit ChannelRefunded(channelId, given, _refunds[channelId]++);
        _move(account, Accounts.credit(channel.payer), channelId, given, Reasons.REFUND);
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

    function _requireBatch(uint256 claims) private pure {
        require(claims != 0 && claims <= MOST_CLAIMS, ClaimsOutOfBounds(claims, MOST_CLAIMS));
    }

    function _requireReceiver(bytes32 configId, ChannelConfig calldata config) private view {
        address caller = _msgSender();
        bool may = caller == config.receiver || caller == config.receiverAuthorizer;
        require(may, NotTheReceiver(configId, caller));
    }

    function _known(bytes32 configId) private view returns (uint256 channelId) {
        channelId = _byConfig[configId];
        require(channelId != 0, UnknownConfig(configId));
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

    /// @dev A key, or a contract that says so (ERC-1271).
    function _requireSignedBy(uint256 channelId, address expected, bytes32 digest, bytes calldata signature) private view {
        (bool signed, address found,) = Signatures.check(expected, digest, signature);
        require(signed, WrongSigner(channelId, expected, found));
    }
}
