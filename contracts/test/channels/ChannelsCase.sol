// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel } from "../../src/interfaces/IChannels.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title One open channel of 100 credits for a week, with the keys of its parties.
abstract contract ChannelsCase is Commons {
    uint256 internal constant SIGNER_KEY = 0x51;
    uint256 internal constant PAYEE_KEY = 0x9E;
    uint256 internal constant STRANGER_KEY = 0x57;

    address internal payer = address(0x9A7E);
    address internal payee = vm.addr(PAYEE_KEY);
    address internal signer = vm.addr(SIGNER_KEY);
    uint64 internal expiresAt = GENESIS_TIME + 7 days;
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        fund(payer, 1_000 * CREDITS);
        vm.prank(payer);
        id = channels.open(payee, signer, 100 * CREDITS, 24 hours, expiresAt);
    }

    function voucher(uint256 key, uint256 cumulative, uint64 nonce) internal view returns (bytes memory) {
        return sign(key, channels.voucherDigest(id, cumulative, nonce));
    }

    function redeem(uint256 cumulative, uint64 nonce) internal {
        bytes memory signature = voucher(SIGNER_KEY, cumulative, nonce);
        vm.prank(payee);
        channels.redeem(id, cumulative, nonce, signature);
    }

    function startClose() internal {
        vm.prank(payer);
        channels.startClose(id);
    }

    function held() internal view returns (uint256) {
        return balance(Accounts.channel(id));
    }

    function found() internal view returns (Channel memory) {
        return channels.channelOf(id);
    }
}
