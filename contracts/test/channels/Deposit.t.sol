// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel, IChannels } from "../../src/interfaces/IChannels.sol";
import { ChannelConfig, IVouchers } from "../../src/interfaces/IVouchers.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { VouchersCase } from "./VouchersCase.sol";

contract ChannelsDepositTest is VouchersCase {
    function test_The_first_deposit_opens_the_channel_of_a_config() public {
        config.salt = salt(1);
        bytes32 hash = vouchers.getChannelId(config);
        uint64 expiresAt = GENESIS_TIME + 365 days;
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelOpened(2, payer, receiver, authorizer, 15 minutes, expiresAt);
        vm.expectEmit(wiring.channels);
        emit IVouchers.ChannelConfigured(2, hash, authorizer, claimer, salt(1));
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.credit(payer), Accounts.channel(2), bytes32(uint256(2)), 7, Reasons.CHANNEL_DEPOSIT);
        vm.assertEq(put(config, 7), 2);
        Channel memory opened = channels.channelOf(2);
        vm.assertEq(opened.payer, payer);
        vm.assertEq(opened.payee, receiver);
        vm.assertEq(opened.signer, authorizer);
        vm.assertEq(uint256(opened.challengeWindow), 15 minutes);
        vm.assertEq(uint256(opened.expiresAt), expiresAt);
        vm.assertEq(uint256(opened.status), 1);
        vm.assertEq(vouchers.channelIdOf(hash), 2);
    }

    function test_A_further_deposit_adds_to_it() public {
        vm.assertEq(put(config, 20 * CREDITS), id);
        vm.assertEq(channels.channelCount(), 1);
        (uint128 total, uint128 claimed) = vouchers.channels(configId);
        vm.assertEq(uint256(total), 120 * CREDITS);
        vm.assertEq(uint256(claimed), 0);
        vm.assertEq(creditOf(payer), 880 * CREDITS);
    }

    function test_Without_an_authorizer_the_payer_signs() public {
        config.payerAuthorizer = address(0);
        vm.assertEq(channels.channelOf(put(config, 1)).signer, payer);
    }

    function test_Only_the_payer_deposits() public {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.NotThePayer.selector, payer, receiver));
        vm.prank(receiver);
        vouchers.deposit(config, 1);
    }

    function refused(ChannelConfig memory what, bytes memory why) private {
        vm.expectRevert(why);
        vm.prank(what.payer);
        vouchers.deposit(what, 1);
    }

    function test_Configs_that_are_refused() public {
        ChannelConfig memory other = config;
        other.receiver = address(0);
        refused(other, abi.encodeWithSelector(IChannels.ZeroParty.selector));
        other.receiver = payer;
        refused(other, abi.encodeWithSelector(IChannels.PayeeIsPayer.selector, payer));
        other.receiver = receiver;
        other.token = wiring.vault;
        refused(other, abi.encodeWithSelector(IVouchers.ForeignToken.selector, wiring.vault, wiring.credit));
        other.token = wiring.credit;
        other.salt = 0;
        refused(other, abi.encodeWithSelector(IVouchers.ForeignSalt.selector, bytes32(0), wiring.channels));
        other.salt = salt(9);
        other.withdrawDelay = 15 minutes - 1;
        bytes4 delay = IVouchers.DelayOutOfBounds.selector;
        refused(other, abi.encodeWithSelector(delay, 15 minutes - 1, 15 minutes, 30 days));
        other.withdrawDelay = 30 days + 1;
        refused(other, abi.encodeWithSelector(delay, 30 days + 1, 15 minutes, 30 days));
    }

    function test_Nothing_is_no_deposit() public {
        vm.expectRevert(IChannels.EmptyDeposit.selector);
        vm.prank(payer);
        vouchers.deposit(config, 0);
    }

    function test_A_closed_config_is_never_opened_again() public {
        vm.prank(receiver);
        channels.closeByPayee(id);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 3));
        vm.prank(payer);
        vouchers.deposit(config, 1);
    }

    function test_Level_one_stops_deposits() public {
        trip(1);
        expectTripped("channels", 1);
        vm.prank(payer);
        vouchers.deposit(config, 1);
    }

    function test_A_started_close_is_a_pending_withdrawal() public {
        (uint128 amount, uint40 initiatedAt) = vouchers.pendingWithdrawals(configId);
        vm.assertEq(uint256(amount) + initiatedAt, 0);
        vm.prank(payer);
        channels.startClose(id);
        (amount, initiatedAt) = vouchers.pendingWithdrawals(configId);
        vm.assertEq(uint256(amount), 100 * CREDITS);
        vm.assertEq(uint256(initiatedAt), GENESIS_TIME);
        claim(30 * CREDITS, 30 * CREDITS);
        skip(15 minutes);
        channels.close(id);
        vm.assertEq(creditOf(payer), 970 * CREDITS);
    }
}
