// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { IAuthorizations } from "../interfaces/IAuthorizations.sol";
import { Signatures } from "../libraries/Signatures.sol";

/// @notice See IAuthorizations.
/// @dev A signed transfer comes in, a transfer goes out. Always holds: a nonce of an author is spent once, by a use or by a
///      cancellation, and each is told.
abstract contract Authorizations is IAuthorizations, ERC20, EIP712 {
    bytes32 internal constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 internal constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 internal constant CANCEL = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    mapping(address authorizer => mapping(bytes32 nonce => bool)) internal _spent;

    /// @inheritdoc IAuthorizations
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
    ) external {
        _carryOut(TRANSFER, from, to, value, validAfter, validBefore, nonce, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc IAuthorizations
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _carryOut(TRANSFER, from, to, value, validAfter, validBefore, nonce, signature);
    }

    /// @inheritdoc IAuthorizations
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
    ) external {
        require(msg.sender == to, OnlyRecipient(to, msg.sender));
        _carryOut(RECEIVE, from, to, value, validAfter, validBefore, nonce, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc IAuthorizations
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        require(msg.sender == to, OnlyRecipient(to, msg.sender));
        _carryOut(RECEIVE, from, to, value, validAfter, validBefore, nonce, signature);
    }

    /// @inheritdoc IAuthorizations
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external {
        _cancel(authorizer, nonce, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc IAuthorizations
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _cancel(authorizer, nonce, signature);
    }

    /// @inheritdoc IAuthorizations
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool) {
        return _spent[authorizer][nonce];
    }

    /// @inheritdoc IAuthorizations
    function version() external view returns (string memory) {
        return _EIP712Version();
    }

    function _carryOut(
        bytes32 what,
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) private {
        require(block.timestamp > validAfter, AuthorizationNotYetValid(validAfter, block.timestamp));
        require(block.timestamp < validBefore, AuthorizationExpired(validBefore, block.timestamp));
        bytes32 signed = keccak256(abi.encode(what, from, to, value, validAfter, validBefore, nonce));
        _spend(from, nonce, signed, signature);
        emit AuthorizationUsed(from, nonce);
        _transfer(from, to, value);
    }

    function _cancel(address authorizer, bytes32 nonce, bytes memory signature) private {
        _spend(authorizer, nonce, keccak256(abi.encode(CANCEL, authorizer, nonce)), signature);
        emit AuthorizationCanceled(authorizer, nonce);
    }

    function _spend(address authorizer, bytes32 nonce, bytes32 structHash, bytes memory signature) private {
        require(!_spent[authorizer][nonce], AuthorizationUsedOrCanceled(authorizer, nonce));
        (bool signed, address found, bytes32 highS) =
            Signatures.check(authorizer, _hashTypedDataV4(structHash), signature);
        require(highS == 0, InvalidSignatureS(highS));
        require(signed, SignerMismatch(authorizer, found));
        _spent[authorizer][nonce] = true;
    }
}
