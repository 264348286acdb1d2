// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Transfers by signature with random nonces (ERC-3009).
/// @notice An authorization is valid while validAfter < now < validBefore, once, and until its author cancels it. Its nonce is any
///         32 bytes, so authorizations need no order. A signature has 65 bytes with a low s, or is one that the author's
///         contract accepts (ERC-1271).
interface IAuthorizations {
    /// @notice An authorization was carried out; its nonce is used.
    /// @custom:trigger anyone with the signature; the recipient alone for a receipt
    /// @custom:step Authorization: -> Used
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
    /// @notice The author took an authorization back before anybody used it.
    /// @custom:trigger anyone with the author's signature
    /// @custom:step Authorization: -> Canceled
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    error AuthorizationNotYetValid(uint256 validAfter, uint256 time);
    error AuthorizationExpired(uint256 validBefore, uint256 time);
    /// @notice The nonce was used or canceled.
    error AuthorizationUsedOrCanceled(address authorizer, bytes32 nonce);
    /// @notice Somebody else than the recipient brings an authorization that only the recipient may bring.
    error OnlyRecipient(address recipient, address caller);
    /// @notice Another signed, or the same one something else. `found` is 0 where no signer can be recovered.
    error SignerMismatch(address expected, address found);
    /// @notice The other form of a signature, with a high s.
    error InvalidSignatureS(bytes32 s);

    /// @notice Moves `value` by the signature of `from`; anyone may bring it.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same with the signature as bytes, for contracts that sign too.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice As a transfer, for `to` alone: nobody can carry it out before the recipient's own transaction does.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same with the signature as bytes.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Spends a nonce without a transfer, by its author's signature.
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice The same with the signature as bytes.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;

    /// @notice Whether a nonce was used or canceled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);

    /// @notice The version of the token's EIP-712 domain.
    function version() external view returns (string memory);
}
