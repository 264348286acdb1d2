// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { MessageHashUtils } from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import { ChannelConfig, IVouchers, VoucherClaim } from "../interfaces/IVouchers.sol";

/// @notice What x402 signs, as it signs it.
/// @dev x402's clients hold one verifying contract for every chain in their code. Their signatures therefore never name this
///      contract: the salt of a config does it instead (IVouchers.ForeignSalt).
abstract contract Vouchers is IVouchers {
    address internal constant X402_VERIFYING_CONTRACT = 0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003;
    bytes32 internal constant X402_NAME = keccak256("x402 Batch Settlement");
    bytes32 internal constant X402_VERSION = keccak256("1");

    bytes32 internal constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 internal constant CHANNEL_CONFIG = keccak256(
        "ChannelConfig(address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)"
    );
    bytes32 internal constant X402_VOUCHER = keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
    bytes32 internal constant X402_REFUND = keccak256("Refund(bytes32 channelId,uint256 nonce,uint128 amount)");
    bytes32 internal constant CLAIM_ENTRY =
        keccak256("ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)");
    bytes32 internal constant CLAIM_BATCH = keccak256(
        "ClaimBatch(ClaimEntry[] claims)ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)"
    );

    /// @inheritdoc IVouchers
    function getChannelId(ChannelConfig calldata config) public view returns (bytes32) {
        return _x402Digest(
            keccak256(
                abi.encode(
                    CHANNEL_CONFIG,
                    config.payer,
                    config.payerAuthorizer,
                    config.receiver,
                    config.receiverAuthorizer,
                    config.token,
                    config.withdrawDelay,
                    config.salt
                )
            )
        );
    }

    /// @inheritdoc IVouchers
    function getVoucherDigest(bytes32 configId, uint128 maxClaimableAmount) public view returns (bytes32) {
        return _x402Digest(keccak256(abi.encode(X402_VOUCHER, configId, maxClaimableAmount)));
    }

    /// @inheritdoc IVouchers
    function getRefundDigest(bytes32 configId, uint256 nonce, uint128 amount) public view returns (bytes32) {
        return _x402Digest(keccak256(abi.encode(X402_REFUND, configId, nonce, amount)));
    }

    /// @inheritdoc IVouchers
    function getClaimBatchDigest(VoucherClaim[] calldata claims) public view returns (bytes32) {
        bytes32[] memory entries = new bytes32[](claims.length);
        for (uint256 i; i < claims.length; ++i) {
            entries[i] = keccak256(
                abi.encode(
                    CLAIM_ENTRY,
                    getChannelId(claims[i].voucher.channel),
                    claims[i].voucher.maxClaimableAmount,
                    claims[i].totalClaimed
                )
            );
        }
        return _x402Digest(keccak256(abi.encode(CLAIM_BATCH, keccak256(abi.encodePacked(entries)))));
    }

    function _x402Digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain =
            keccak256(abi.encode(DOMAIN, X402_NAME, X402_VERSION, block.chainid, X402_VERIFYING_CONTRACT));
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }
}
