// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title A holder of 1,000 base units with a key, and what it may sign (type hashes as ERC-3009 prints them).
abstract contract AuthorizationsCase is Commons {
    bytes32 internal constant TRANSFER = 0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267;
    bytes32 internal constant RECEIVE = 0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8;
    bytes32 internal constant CANCEL = 0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429;
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 internal constant KEY = 5;
    bytes32 internal constant NONCE = "nonce";

    address internal holder = vm.addr(KEY);
    address internal shop = address(0x5409);
    uint256 internal validAfter = GENESIS_TIME - 1;
    uint256 internal validBefore = GENESIS_TIME + 1;

    function setUp() public virtual override {
        super.setUp();
        vm.prank(supplyHolder);
        credit.transfer(holder, 1_000);
    }

    function digestOf(bytes memory encoded) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", credit.DOMAIN_SEPARATOR(), keccak256(encoded)));
    }

    function signed(bytes32 what, address from, address to, uint256 value, bytes32 nonce)
        internal
        view
        returns (bytes memory)
    {
        return sign(KEY, digestOf(abi.encode(what, from, to, value, validAfter, validBefore, nonce)));
    }

    function pay(uint256 value, bytes32 nonce) internal {
        bytes memory signature = signed(TRANSFER, holder, shop, value, nonce);
        credit.transferWithAuthorization(holder, shop, value, validAfter, validBefore, nonce, signature);
    }

    function parts(bytes memory signature) internal pure returns (uint8 v, bytes32 r, bytes32 s) {
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
    }
}
