// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsCloseTogetherTest is ChannelsCase {
    uint64 private deadline = GENESIS_TIME + 1 hours;

    function closeTogether(uint256 cumulative, uint256 signerKey, uint256 payeeKey) private {
        bytes32 digest = channels.closeDigest(id, cumulative, deadline);
        channels.closeTogether(id, cumulative, deadline, sign(signerKey, digest), sign(payeeKey, digest));
    }

    function test_Both_signatures_pay_and_close_at_once() public {
        redeem(10 * CREDITS, 3);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelRedeemed(id, 40 * CREDITS, 3);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(payee), bytes32(id), 30 * CREDITS, Reasons.CHANNEL_PAY);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelClosed(id);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(payer), bytes32(id), 60 * CREDITS, Reasons.REFUND);
        closeTogether(40 * CREDITS, SIGNER_KEY, PAYEE_KEY);
        vm.assertEq(creditOf(payee), 40 * CREDITS);
        vm.assertEq(creditOf(payer), 960 * CREDITS);
        vm.assertEq(held(), 0);
        vm.assertEq(uint256(found().status), 3);
        vm.assertEq(found().redeemed, 40 * CREDITS);
    }

    function test_A_close_at_what_was_redeemed_pays_nothing_more() public {
        redeem(10 * CREDITS, 3);
        closeTogether(10 * CREDITS, SIGNER_KEY, PAYEE_KEY);
        vm.assertEq(creditOf(payee), 10 * CREDITS);
        vm.assertEq(creditOf(payer), 990 * CREDITS);
    }

    function test_Less_than_was_redeemed_is_refused() public {
        redeem(10 * CREDITS, 3);
        bytes32 digest = channels.closeDigest(id, 9 * CREDITS, deadline);
        vm.expectRevert(abi.encodeWithSelector(IChannels.NotIncreasing.selector, id, 9 * CREDITS, 10 * CREDITS));
        channels.closeTogether(id, 9 * CREDITS, deadline, sign(SIGNER_KEY, digest), sign(PAYEE_KEY, digest));
    }

    function test_More_than_the_deposits_is_refused() public {
        uint256 all = 100 * CREDITS;
        bytes32 digest = channels.closeDigest(id, all + 1, deadline);
        vm.expectRevert(abi.encodeWithSelector(IChannels.ExceedsDeposits.selector, id, all + 1, all));
        channels.closeTogether(id, all + 1, deadline, sign(SIGNER_KEY, digest), sign(PAYEE_KEY, digest));
    }

    function test_One_signature_is_not_two() public {
        bytes32 digest = channels.closeDigest(id, 1, deadline);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, id, payee, signer));
        channels.closeTogether(id, 1, deadline, sign(SIGNER_KEY, digest), sign(SIGNER_KEY, digest));
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, id, signer, payee));
        channels.closeTogether(id, 1, deadline, sign(PAYEE_KEY, digest), sign(PAYEE_KEY, digest));
    }

    function test_A_late_signature_is_refused_even_under_a_tripped_breaker() public {
        bytes32 digest = channels.closeDigest(id, 1, deadline);
        vm.warp(deadline - 1);
        trip(2);
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IChannels.SignatureExpired.selector, deadline, deadline));
        channels.closeTogether(id, 1, deadline, sign(SIGNER_KEY, digest), sign(PAYEE_KEY, digest));
    }

    function test_A_closed_channel_stays_closed() public {
        closeTogether(1, SIGNER_KEY, PAYEE_KEY);
        bytes32 digest = channels.closeDigest(id, 2, deadline);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 3));
        channels.closeTogether(id, 2, deadline, sign(SIGNER_KEY, digest), sign(PAYEE_KEY, digest));
    }
}
