// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A payment channel. Stored in this order; the status is last to change.
/// @param payer Who put the money in and gets the rest.
/// @param challengeWindow Seconds between the start of a close and the close.
/// @param expiresAt From here on anyone may start the close.
/// @param payee Who redeems.
/// @param closableAt When the close may be finished; 0 while nobody has started it.
/// @param signer Whose vouchers count; fixed at opening.
/// @param nonce The nonce of the last voucher redeemed.
/// @param status 0 none, 1 open, 2 closing, 3 closed.
/// @param redeemed What the payee has received so far.
struct Channel {
    address payer;
    uint32 challengeWindow;
    uint64 expiresAt;
    address payee;
    uint64 closableAt;
    address signer;
    uint64 nonce;
    uint8 status;
    uint256 redeemed;
}

/// @title Payment channels with cumulative EIP-712 vouchers.
/// @notice A voucher says "up to `cumulative` in all"; only the highest pays, and only the payee submits. What the
///         channel was ever given is what it holds plus what was redeemed.
interface IChannels {
    /// @notice A payer opened a channel for a payee; its signer signs the vouchers.
    /// @custom:trigger the payer
    /// @custom:step Channel: -> Open
    event ChannelOpened(
        uint256 indexed channelId,
        address indexed payer,
        address indexed payee,
        address signer,
        uint32 challengeWindow,
        uint64 expiresAt
    );
    /// @notice The payee has received `cumulative` in all. A cooperative close repeats the last nonce.
    /// @custom:trigger the payee; for a configured channel its receiver's authorizer too
    /// @custom:step Channel: cumulative grows
    event ChannelRedeemed(uint256 indexed channelId, uint256 cumulative, uint64 nonce);
    /// @notice The close has begun; redeeming goes on until closableAt.
    /// @custom:trigger the payer; anyone after expiresAt
    /// @custom:step Channel: Open -> Closing
    event ChannelClosing(uint256 indexed channelId, address indexed by, uint64 closableAt);
    /// @notice The channel is over and its rest is with the payer.
    /// @custom:trigger anyone from closableAt; the payee, alone or with the signer's signature
    /// @custom:step Channel: Open or Closing -> Closed
    event ChannelClosed(uint256 indexed channelId);

    error ZeroParty();
    error PayeeIsPayer(address payer);
    error WindowOutOfBounds(uint32 window, uint32 lowest, uint32 highest);
    error ExpiryInThePast(uint64 expiresAt, uint64 time);
    error EmptyDeposit();
    /// @notice The channel is not in the state that the call needs (statuses of Channel).
    error WrongStatus(uint256 channelId, uint8 status);
    error OnlyPayer(uint256 channelId, address caller);
    error OnlyPayee(uint256 channelId, address caller);
    error NotIncreasing(uint256 channelId, uint256 cumulative, uint256 redeemed);
    error StaleNonce(uint256 channelId, uint64 nonce, uint64 last);
    error ExceedsDeposits(uint256 channelId, uint256 cumulative, uint256 deposits);
    error WrongSigner(uint256 channelId, address expected, address found);
    error SignatureExpired(uint64 deadline, uint256 time);

    /// @notice Opens a channel from the caller's credit account. The window is 1 hour to 30 days.
    function open(address payee, address signer, uint256 amount, uint32 challengeWindow, uint64 expiresAt)
        external
        returns (uint256 channelId);

    /// @notice Adds money of the payer while the channel is open.
    function topUp(uint256 channelId, uint256 amount) external;

    /// @notice Pays the payee the difference to what was redeemed. Possible until the channel is closed.
    function redeem(uint256 channelId, uint256 cumulative, uint64 nonce, bytes calldata signature) external;

    /// @notice Closes at once with a final cumulative that the signer signed; for the payee. An older close than the payee's last
    ///         voucher is never brought: nobody but the payee can bring it.
    function closeTogether(uint256 channelId, uint256 cumulative, uint64 deadline, bytes calldata signature) external;

    /// @notice Closes at once; the payee gives up what is not redeemed.
    function closeByPayee(uint256 channelId) external;

    /// @notice Starts the close: the payer at any time, anyone from `expiresAt`.
    function startClose(uint256 channelId) external;

    /// @notice Finishes a close whose window has passed; the rest goes to the payer. For anyone.
    function close(uint256 channelId) external;

    function channelOf(uint256 channelId) external view returns (Channel memory);

    /// @notice All that was ever put into the channel and not returned.
    function depositsOf(uint256 channelId) external view returns (uint256);

    function channelCount() external view returns (uint256);

    /// @notice What the signer signs for a voucher.
    function voucherDigest(uint256 channelId, uint256 cumulative, uint64 nonce) external view returns (bytes32);

    /// @notice What the signer signs for a cooperative close.
    function closeDigest(uint256 channelId, uint256 cumulative, uint64 deadline) external view returns (bytes32);
}
