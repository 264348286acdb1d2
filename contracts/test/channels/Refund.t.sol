// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IVouchers } from "../../src/interfaces/IVouchers.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { VouchersCase } from "./VouchersCase.sol";

/// @notice `refund` and `refundWithSignature`.
contract ChannelsRefundTest is VouchersCase {
    function signed(uint256 key, uint256 nonce, uint256 amount) private view returns (bytes memory) {
        return sign(key, vouchers.getRefundDigest(configId, nonce, uint128(amount)));
    }

    function test_The_receiver_gives_deposits_back() public {
        claim(30 * CREDITS, 30 * CREDITS);
        vm.expectEmit(wiring.channels);
        emit IVouchers.ChannelRefunded(id, 20 * CREDITS, 0);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(payer), bytes32(id), 20 * CREDITS, Reasons.REFUND);
        vm.prank(receiver);
        vouchers.refund(config, uint128(20 * CREDITS));
        vm.assertEq(creditOf(payer), 920 * CREDITS);
        vm.assertEq(channels.depositsOf(id), 80 * CREDITS);
        vm.assertEq(vouchers.refundNonce(configId), 1);
        vm.assertEq(uint256(found().status), 1);
        // What is left is still there to be claimed.
        claim(80 * CREDITS, 80 * CREDITS);
        vm.assertEq(creditOf(receiver), 80 * CREDITS);
    }

    function test_More_than_is_there_gives_back_what_is_there() public {
        claim(30 * CREDITS, 30 * CREDITS);
        vm.expectEmit(wiring.channels);
        emit IVouchers.ChannelRefunded(id, 70 * CREDITS, 0);
        vm.prank(claimer);
        vouchers.refund(config, uint128(100 * CREDITS));
        vm.assertEq(held(), 0);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.NothingToRefund.selector, configId));
        vm.prank(claimer);
        vouchers.refund(config, 1);
    }

    function test_Only_the_receivers_side_refunds() public {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.NotTheReceiver.selector, configId, payer));
        vm.prank(payer);
        vouchers.refund(config, 1);
    }

    function test_Anyone_brings_a_signed_refund_once() public {
        bytes memory signature = signed(CLAIMER_KEY, 0, 5);
        vouchers.refundWithSignature(config, 5, 0, signature);
        vm.assertEq(creditOf(payer), 900 * CREDITS + 5);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.WrongRefundNonce.selector, configId, 0, 1));
        vouchers.refundWithSignature(config, 5, 0, signature);
        vouchers.refundWithSignature(config, 6, 1, signed(CLAIMER_KEY, 1, 6));
        vm.assertEq(vouchers.refundNonce(configId), 2);
    }

    function test_The_payer_cannot_sign_for_the_receivers_authorizer() public {
        bytes memory signature = signed(PAYER_KEY, 0, 5);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, id, claimer, payer));
        vouchers.refundWithSignature(config, 5, 0, signature);
    }

    function test_A_closed_channel_has_nothing_to_give() public {
        vm.prank(receiver);
        channels.closeByPayee(id);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 3));
        vm.prank(receiver);
        vouchers.refund(config, 1);
        config.salt = salt(5);
        bytes32 unknown = vouchers.getChannelId(config);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.UnknownConfig.selector, unknown));
        vm.prank(receiver);
        vouchers.refund(config, 1);
    }
}
