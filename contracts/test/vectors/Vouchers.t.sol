// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ChannelConfig, Voucher, VoucherClaim } from "../../src/interfaces/IVouchers.sol";
import { VouchersCase } from "../channels/VouchersCase.sol";
import { vm } from "../Vm.sol";

/// @notice economics.md, section 8: what x402 signs, built here by hand, and two hashes that npm @x402/evm 2.27.0 and viem give.
contract VouchersVectorsTest is VouchersCase {
    bytes32 private constant CONFIG = 0x1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db308;
    bytes32 private constant VOUCHER = 0x1e1bd6ff84c3e0d9029a292b212e039c0ca97ec497c55191a4a5874294609a69;
    bytes32 private constant REFUND = 0xbe23ad087435072cd69b49cc5b92de10ee610fce7ae0ab428307972d764bb216;
    bytes32 private constant ENTRY = 0x30b9a0367528fca13c3e8ec6134c3113f1887ebe7a1ad61de0955aac288b0cf5;
    bytes32 private constant BATCH = 0x42bd57c010b870c2e96203c66341f28a6a19b4d56a74533a8eb5f706b9fd6d57;

    function digest(bytes32 what) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("x402 Batch Settlement"),
                keccak256("1"),
                block.chainid,
                address(0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, what));
    }

    function example() private pure returns (ChannelConfig memory) {
        return ChannelConfig(address(1), address(2), address(3), address(4), address(5), 900, bytes32(uint256(6)));
    }

    function test_vector_the_channel_s_id() public view {
        bytes32 what = keccak256(abi.encode(CONFIG, example()));
        vm.assertEq(vouchers.getChannelId(example()), digest(what));
        vm.assertEq(block.chainid, 31337);
        bytes32 theirs = 0xbe7e31bad38716858278f65cb2cd339fe4033ef16a08192bc6501f17d4e62753;
        vm.assertEq(vouchers.getChannelId(example()), theirs);
    }

    function test_vector_the_voucher() public view {
        vm.assertEq(vouchers.getVoucherDigest("id", 8), digest(keccak256(abi.encode(VOUCHER, bytes32("id"), 8))));
        bytes32 theirs = 0x82ac22c23cd8395006045845fd39c6c942a56589f0ee5b5cfead443254db3a48;
        vm.assertEq(vouchers.getVoucherDigest(bytes32(uint256(7)), 8), theirs);
    }

    function test_vector_the_refund() public view {
        vm.assertEq(vouchers.getRefundDigest("id", 9, 8), digest(keccak256(abi.encode(REFUND, bytes32("id"), 9, 8))));
    }

    function test_vector_the_batch_of_claims() public view {
        VoucherClaim[] memory claims = new VoucherClaim[](2);
        claims[0] = VoucherClaim(Voucher(example(), 8), "", 7);
        claims[1] = VoucherClaim(Voucher(config, 6), "", 5);
        bytes32 first = keccak256(abi.encode(ENTRY, vouchers.getChannelId(example()), 8, 7));
        bytes32 second = keccak256(abi.encode(ENTRY, configId, 6, 5));
        bytes32 all = keccak256(abi.encodePacked(first, second));
        vm.assertEq(vouchers.getClaimBatchDigest(claims), digest(keccak256(abi.encode(BATCH, all))));
    }
}
