// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { ChannelsCase } from "../channels/ChannelsCase.sol";

/// @notice economics.md, section 8: the type hashes and what is signed, built here by hand.
contract ChannelsVectorsTest is ChannelsCase {
    bytes32 private constant VOUCHER = 0x57c1cc57dac3873f388e9fba2d8410e287630a2171d13165ec9b41e248e4700e;
    bytes32 private constant CLOSE = 0x56d44a8abcb96e59be4a35bceef9868bb6801b9ae7ee5f88309c0b10617a0876;

    function digest(bytes32 what) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("EventSourced Channels"),
                keccak256("1"),
                block.chainid,
                wiring.channels
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, what));
    }

    function test_vector_the_voucher_s_type_hash() public view {
        bytes32 what = keccak256(abi.encode(VOUCHER, 3, 4, uint64(5)));
        vm.assertEq(channels.voucherDigest(3, 4, 5), digest(what));
    }

    function test_vector_the_cooperative_close_s_type_hash() public view {
        bytes32 what = keccak256(abi.encode(CLOSE, 3, 4, uint64(5)));
        vm.assertEq(channels.closeDigest(3, 4, 5), digest(what));
    }
}
