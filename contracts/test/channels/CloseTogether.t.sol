// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsCloseTogetherTest is ChannelsCase {
    uint64 private deadline = GENESIS_TIME + 1 hours;

    function signed(uint256 key, uint256 cumulative) private view returns (bytes memory) {
        return sign(key, channels.closeDigest(id, cumulative, deadline));
    }

    function closeTogether(uint256 cumulative) private {
        bytes memory signature = signed(SIGNER_KEY, cumulative);
        vm.prank(payee);
        channels.closeTogether(id, cumulative, deadline, signature);
    }

    function refused(uint256 key, uint256 cumulative, bytes memory why) private {
        bytes memory signature = signed(key, cumulative);
        vm.expectRevert(why);
        vm.prank(payee);
        channels.closeTogether(id, cumulative, deadline, signature);
    }

    function test_The_payee_with_the_signers_signature_is_paid_and_closes_at_once() public {
        redeem(10 * CREDITS, 3);
        bytes memory signature = signed(SIGNER_KEY, 40 * CREDITS);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelRedeemed(id, 40 * CREDITS, 3);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(payee), bytes32(id), 30 * CREDITS, Reasons.CHANNEL_PAY);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelClosed(id);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(payer), bytes32(id), 60 * CREDITS, Reasons.REFUND);
        vm.prank(payee);
        channels.closeTogether(id, 40 * CREDITS, deadline, signature);
        vm.assertEq(creditOf(payee), 40 * CREDITS);
        vm.assertEq(creditOf(payer), 960 * CREDITS);
        vm.assertEq(held(), 0);
        vm.assertEq(uint256(found().status), 3);
        vm.assertEq(found().redeemed, 40 * CREDITS);
    }

    function test_A_close_at_what_was_redeemed_pays_nothing_more() public {
        redeem(10 * CREDITS, 3);
        closeTogether(10 * CREDITS);
        vm.assertEq(creditOf(payee), 10 * CREDITS);
        vm.assertEq(creditOf(payer), 990 * CREDITS);
    }

    function test_Less_than_was_redeemed_is_refused() public {
        redeem(10 * CREDITS, 3);
        bytes memory why = abi.encodeWithSelector(IChannels.NotIncreasing.selector, id, 9 * CREDITS, 10 * CREDITS);
        refused(SIGNER_KEY, 9 * CREDITS, why);
    }

    function test_More_than_the_deposits_is_refused() public {
        uint256 all = 100 * CREDITS;
        refused(SIGNER_KEY, all + 1, abi.encodeWithSelector(IChannels.ExceedsDeposits.selector, id, all + 1, all));
    }

    function test_The_payee_cannot_sign_for_the_signer() public {
        refused(PAYEE_KEY, 1, abi.encodeWithSelector(IChannels.WrongSigner.selector, id, signer, payee));
    }

    function test_Nobody_but_the_payee_brings_a_close() public {
        bytes memory signature = signed(SIGNER_KEY, 1);
        address[2] memory others = [payer, signer];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayee.selector, id, others[i]));
            vm.prank(others[i]);
            channels.closeTogether(id, 1, deadline, signature);
        }
    }

    function test_A_late_signature_is_refused_even_under_a_tripped_breaker() public {
        vm.warp(deadline - 1);
        trip(2);
        vm.warp(deadline);
        refused(SIGNER_KEY, 1, abi.encodeWithSelector(IChannels.SignatureExpired.selector, deadline, deadline));
    }

    function test_A_closed_channel_stays_closed() public {
        closeTogether(1);
        refused(SIGNER_KEY, 2, abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 3));
    }
}
