// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice What an agent signs about a delivery (EIP-712, domain "EventSourced Court", version "1").
struct Delivery {
    uint256 taskId;
    bytes32 resultHash;
    bytes32 receiptHash;
}

/// @title The proofs of a bad receipt (kind 2). The first byte of a proof names its form.
/// @notice Form 1, mismatch: the text whose SHA-256 the agent submitted as receiptHash, an execution receipt (schema
///         eventsourced-execution-receipt/1, canonical JSON without its receiptHash), states another outputHash than
///         the resultHash that was submitted beside it.
///         Form 2, two signatures: abi.encode(Delivery, bytes, Delivery, bytes): the agent signed two results of one task.
library Receipts {
    uint8 internal constant MISMATCH = 1;
    uint8 internal constant TWO_SIGNATURES = 2;

    bytes32 internal constant DELIVERY_TYPEHASH =
        keccak256("Delivery(uint256 taskId,bytes32 resultHash,bytes32 receiptHash)");

    /// @dev Canonical JSON sorts members by name, so these end every receipt and nothing nested can stand in their place.
    bytes private constant AFTER_SEED = bytes('","schema":"eventsourced-execution-receipt/1"}');
    bytes private constant BEFORE_SEED = bytes('","randomSeed":"');
    bytes private constant BEFORE_OUTPUT = bytes('","outputHash":"');
    uint256 private constant LONGEST_SEED = 20;
    uint256 private constant HASH_DIGITS = 64;

    /// @notice The top-level outputHash of an execution receipt, read from its end.
    function outputHashOf(bytes calldata receipt) internal pure returns (bool found, bytes32 outputHash) {
        uint256 end = receipt.length;
        (found, end) = _endsWith(receipt, end, AFTER_SEED);
        if (!found) return (false, 0);
        uint256 digits;
        while (end != 0 && digits <= LONGEST_SEED && receipt[end - 1] >= "0" && receipt[end - 1] <= "9") {
            --end;
            ++digits;
        }
        if (digits == 0 || digits > LONGEST_SEED) return (false, 0);
        (found, end) = _endsWith(receipt, end, BEFORE_SEED);
        if (!found || end < HASH_DIGITS) return (false, 0);
        (found, outputHash) = _hash(receipt[end - HASH_DIGITS:end]);
        if (!found) return (false, 0);
        (found,) = _endsWith(receipt, end - HASH_DIGITS, BEFORE_OUTPUT);
    }

    function structHash(Delivery memory delivery) internal pure returns (bytes32) {
        return keccak256(abi.encode(DELIVERY_TYPEHASH, delivery.taskId, delivery.resultHash, delivery.receiptHash));
    }

    /// @notice Who signed a digest; 0 when the signature is none.
    function signerOf(bytes32 digest, bytes memory signature) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecover(digest, signature);
    }

    function _endsWith(bytes calldata text, uint256 end, bytes memory ending) private pure returns (bool, uint256) {
        if (end < ending.length) return (false, 0);
        uint256 start = end - ending.length;
        return (keccak256(text[start:end]) == keccak256(ending), start);
    }

    function _hash(bytes calldata digits) private pure returns (bool, bytes32) {
        uint256 value;
        for (uint256 i; i < HASH_DIGITS; ++i) {
            uint8 digit = uint8(digits[i]);
            if (digit >= 0x30 && digit <= 0x39) digit -= 0x30;
            else if (digit >= 0x61 && digit <= 0x66) digit -= 0x57;
            else return (false, 0);
            value = (value << 4) | digit;
        }
        return (true, bytes32(value));
    }
}
