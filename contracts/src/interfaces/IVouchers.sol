// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A channel of x402's "batch-settlement" scheme. Its EIP-712 hash is the channel's id there.
/// @param payer Who deposits and gets the rest.
/// @param payerAuthorizer Whose key signs the vouchers; 0 = the payer itself, which may then be a contract.
/// @param receiver Who is paid.
/// @param receiverAuthorizer Who may claim and refund for the receiver; 0 = nobody.
/// @param token The credit token; no other is taken.
/// @param withdrawDelay Seconds between the start of a close and the close.
/// @param salt Its first 20 bytes are the address of this contract, the other 12 are free: no voucher of a channel here is worth
///        anything in another contract that reads the same form.
struct ChannelConfig {
    address payer;
    address payerAuthorizer;
    address receiver;
    address receiverAuthorizer;
    address token;
    uint40 withdrawDelay;
    bytes32 salt;
}

/// @notice "Up to `maxClaimableAmount` in all" from a channel.
struct Voucher {
    ChannelConfig channel;
    uint128 maxClaimableAmount;
}

/// @notice What a receiver claims under a voucher.
/// @param signature The signature of the payer's authorizer.
/// @param totalClaimed What the receiver has been paid in all once this claim is paid.
struct VoucherClaim {
    Voucher voucher;
    bytes signature;
    uint128 totalClaimed;
}

/// @title Channels in the form of x402: one config, one channel, vouchers without a nonce.
/// @notice A channel that was opened by `deposit` is a channel like any other, with a number of its own; top-ups, closes and this
///         contract's own vouchers work on it too, all against one sum. Names and types are x402's wherever the meaning is.
interface IVouchers {
    /// @notice The channel is the one of an x402 config; follows ChannelOpened, which has the rest of the config.
    /// @custom:trigger the payer
    /// @custom:step Channel: -> Open, with an x402 id
    event ChannelConfigured(
        uint256 indexed channelId,
        bytes32 indexed configId,
        address payerAuthorizer,
        address receiverAuthorizer,
        bytes32 salt
    );
    /// @notice The receiver's side gave `amount` of the deposits back to the payer; the channel goes on.
    /// @custom:trigger the receiver or its authorizer; anyone with the authorizer's signature
    /// @custom:step Channel: deposits shrink
    /// @custom:kinds nonce count
    event ChannelRefunded(uint256 indexed channelId, uint256 amount, uint256 nonce);

    error ForeignToken(address token, address credit);
    /// @notice The salt does not begin with the address of this contract.
    error ForeignSalt(bytes32 salt, address expected);
    error DelayOutOfBounds(uint40 delay, uint40 lowest, uint40 highest);
    error NotThePayer(address payer, address caller);
    error NotTheReceiver(bytes32 configId, address caller);
    error UnknownConfig(bytes32 configId);
    error ClaimsOutOfBounds(uint256 claims, uint256 most);
    /// @notice The receiver claims more than the voucher allows.
    error AboveVoucher(bytes32 configId, uint128 totalClaimed, uint128 maxClaimableAmount);
    /// @notice One signature speaks for one authorizer: all claims must name it.
    error OtherAuthorizer(bytes32 configId, address expected, address found);
    error WrongRefundNonce(bytes32 configId, uint256 nonce, uint256 expected);
    error NothingToRefund(bytes32 configId);

    /// @notice Opens the channel of a config from the payer's credit account, or adds to it; for the payer.
    function deposit(ChannelConfig calldata config, uint128 amount) external returns (uint256 channelId);

    /// @notice Pays claims, all or none; for the receiver or the receiver's authorizer of each.
    function claim(VoucherClaim[] calldata claims) external;

    /// @notice The same, brought by anyone with the signature of the receivers' common authorizer.
    function claimWithSignature(VoucherClaim[] calldata claims, bytes calldata authorizerSignature) external;

    /// @notice Gives the payer up to `amount` back, as far as it is there; for the receiver or its authorizer.
    function refund(ChannelConfig calldata config, uint128 amount) external;

    /// @notice The same, brought by anyone with the signature of the receiver's authorizer over the next nonce.
    function refundWithSignature(
        ChannelConfig calldata config,
        uint128 amount,
        uint256 nonce,
        bytes calldata receiverAuthorizerSignature
    ) external;

    /// @notice The channel of a config; 0 = none.
    function channelIdOf(bytes32 configId) external view returns (uint256);

    /// @notice The id of a config: its EIP-712 hash in x402's domain.
    function getChannelId(ChannelConfig calldata config) external view returns (bytes32);

    /// @notice All that was ever put in and not returned, and what of it was claimed.
    function channels(bytes32 configId) external view returns (uint128 balance, uint128 totalClaimed);

    /// @notice What a started close will return, and when it was started; zeros while there is none.
    function pendingWithdrawals(bytes32 configId) external view returns (uint128 amount, uint40 initiatedAt);

    /// @notice The nonce of the next refund.
    function refundNonce(bytes32 configId) external view returns (uint256);

    /// @notice What the payer's authorizer signs.
    function getVoucherDigest(bytes32 configId, uint128 maxClaimableAmount) external view returns (bytes32);

    /// @notice What the receiver's authorizer signs to refund.
    function getRefundDigest(bytes32 configId, uint256 nonce, uint128 amount) external view returns (bytes32);

    /// @notice What the receiver's authorizer signs to claim.
    function getClaimBatchDigest(VoucherClaim[] calldata claims) external view returns (bytes32);
}
