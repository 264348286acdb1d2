// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel, IChannels } from "../../src/interfaces/IChannels.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsOpenTest is ChannelsCase {
    function test_Opening_locks_the_deposit_and_records_every_field() public {
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelOpened(2, payer, payee, signer, 1 hours, expiresAt);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(payer), Accounts.channel(2), bytes32(uint256(2)), 5 * CREDITS, Reasons.CHANNEL_DEPOSIT
        );
        vm.prank(payer);
        vm.assertEq(channels.open(payee, signer, 5 * CREDITS, 1 hours, expiresAt), 2);
        Channel memory channel = channels.channelOf(2);
        vm.assertEq(channel.payer, payer);
        vm.assertEq(channel.payee, payee);
        vm.assertEq(channel.signer, signer);
        vm.assertEq(uint256(channel.challengeWindow), 1 hours);
        vm.assertEq(uint256(channel.expiresAt), expiresAt);
        vm.assertEq(uint256(channel.closableAt), 0);
        vm.assertEq(uint256(channel.nonce), 0);
        vm.assertEq(uint256(channel.status), 1);
        vm.assertEq(channel.redeemed, 0);
        vm.assertEq(channels.depositsOf(2), 5 * CREDITS);
        vm.assertEq(channels.channelCount(), 2);
    }

    function test_Opening_without_a_payee_or_signer_is_refused() public {
        vm.startPrank(payer);
        vm.expectRevert(IChannels.ZeroParty.selector);
        channels.open(address(0), signer, 1, 1 hours, expiresAt);
        vm.expectRevert(IChannels.ZeroParty.selector);
        channels.open(payee, address(0), 1, 1 hours, expiresAt);
    }

    function test_Paying_oneself_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IChannels.PayeeIsPayer.selector, payer));
        vm.prank(payer);
        channels.open(payer, signer, 1, 1 hours, expiresAt);
    }

    function test_A_window_outside_its_bounds_is_refused() public {
        vm.startPrank(payer);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WindowOutOfBounds.selector, 1 hours - 1, 1 hours, 30 days));
        channels.open(payee, signer, 1, 1 hours - 1, expiresAt);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WindowOutOfBounds.selector, 30 days + 1, 1 hours, 30 days));
        channels.open(payee, signer, 1, 30 days + 1, expiresAt);
    }

    function test_An_expiry_that_is_not_ahead_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IChannels.ExpiryInThePast.selector, GENESIS_TIME, GENESIS_TIME));
        vm.prank(payer);
        channels.open(payee, signer, 1, 1 hours, GENESIS_TIME);
    }

    function test_An_empty_channel_is_refused() public {
        vm.expectRevert(IChannels.EmptyDeposit.selector);
        vm.prank(payer);
        channels.open(payee, signer, 0, 1 hours, expiresAt);
    }

    function test_More_than_the_payer_has_is_refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IVault.InsufficientBalance.selector, Accounts.credit(payer), 901 * CREDITS, 900 * CREDITS
            )
        );
        vm.prank(payer);
        channels.open(payee, signer, 901 * CREDITS, 1 hours, expiresAt);
    }

    function test_A_tripped_breaker_stops_new_channels() public {
        trip(1);
        expectTripped("channels", 1);
        vm.prank(payer);
        channels.open(payee, signer, 1, 1 hours, expiresAt);
    }
}
