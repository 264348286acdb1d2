// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsRedeemTest is ChannelsCase {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function test_Redeeming_pays_the_difference() public {
        redeem(30 * CREDITS, 1);
        bytes memory signature = voucher(SIGNER_KEY, 45 * CREDITS, 7);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelRedeemed(id, 45 * CREDITS, 7);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(payee), bytes32(id), 15 * CREDITS, Reasons.CHANNEL_PAY);
        vm.prank(payee);
        channels.redeem(id, 45 * CREDITS, 7, signature);
        vm.assertEq(creditOf(payee), 45 * CREDITS);
        vm.assertEq(held(), 55 * CREDITS);
        vm.assertEq(found().redeemed, 45 * CREDITS);
        vm.assertEq(uint256(found().nonce), 7);
    }

    function test_Only_the_payee_redeems() public {
        bytes memory signature = voucher(SIGNER_KEY, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayee.selector, id, payer));
        vm.prank(payer);
        channels.redeem(id, 1, 1, signature);
    }

    function test_A_nonce_is_used_once() public {
        redeem(1 * CREDITS, 5);
        bytes memory signature = voucher(SIGNER_KEY, 2 * CREDITS, 5);
        vm.expectRevert(abi.encodeWithSelector(IChannels.StaleNonce.selector, id, 5, 5));
        vm.prank(payee);
        channels.redeem(id, 2 * CREDITS, 5, signature);
    }

    function test_More_than_the_deposits_is_refused() public {
        bytes memory signature = voucher(SIGNER_KEY, 100 * CREDITS + 1, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IChannels.ExceedsDeposits.selector, id, 100 * CREDITS + 1, 100 * CREDITS)
        );
        vm.prank(payee);
        channels.redeem(id, 100 * CREDITS + 1, 1, signature);
    }

    function test_A_strangers_signature_is_refused() public {
        bytes memory signature = voucher(STRANGER_KEY, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, id, signer, vm.addr(STRANGER_KEY)));
        vm.prank(payee);
        channels.redeem(id, 1, 1, signature);
    }

    function test_The_other_form_of_a_signature_is_refused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SIGNER_KEY, channels.voucherDigest(id, 1, 1));
        bytes memory high = abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, id, signer, address(0)));
        vm.prank(payee);
        channels.redeem(id, 1, 1, high);
    }

    function test_Redeeming_stays_open_while_closing_and_under_a_tripped_breaker() public {
        startClose();
        trip(2);
        redeem(10 * CREDITS, 1);
        vm.assertEq(creditOf(payee), 10 * CREDITS);
        skip(30 days);
        redeem(20 * CREDITS, 2);
        vm.assertEq(creditOf(payee), 20 * CREDITS);
    }

    function test_A_closed_channel_pays_nothing() public {
        vm.prank(payee);
        channels.closeByPayee(id);
        bytes memory signature = voucher(SIGNER_KEY, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 3));
        vm.prank(payee);
        channels.redeem(id, 1, 1, signature);
    }

    function test_Fuzz_redeeming_pays_what_the_highest_voucher_says(uint256[8] memory cumulatives) public {
        uint256 highest;
        for (uint64 i; i < 8; ++i) {
            uint256 cumulative = bound(cumulatives[i], 1, 150 * CREDITS);
            bytes memory signature = voucher(SIGNER_KEY, cumulative, i + 1);
            bool good = cumulative > highest && cumulative <= 100 * CREDITS;
            if (!good) vm.expectRevert();
            vm.prank(payee);
            channels.redeem(id, cumulative, i + 1, signature);
            if (good) highest = cumulative;
            vm.assertEq(creditOf(payee), highest);
            vm.assertEq(held(), 100 * CREDITS - highest);
        }
    }
}
