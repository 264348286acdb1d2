// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "../channels/ChannelsCase.sol";

/// @notice Row 29: at the closing somebody brings an old voucher.
contract AnOldVoucherPaysNothingTest is ChannelsCase {
    function test_An_old_voucher_pays_nothing() public {
        redeem(60 * CREDITS, 2);
        startClose();
        bytes memory old = voucher(SIGNER_KEY, 40 * CREDITS, 1);
        vm.expectRevert(abi.encodeWithSelector(IChannels.NotIncreasing.selector, id, 40 * CREDITS, 60 * CREDITS));
        vm.prank(payee);
        channels.redeem(id, 40 * CREDITS, 1, old);
        // Nor can the payer bring one to make the payee look paid.
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayee.selector, id, payer));
        vm.prank(payer);
        channels.redeem(id, 40 * CREDITS, 1, old);
        // The highest still counts while the channel is closing.
        redeem(90 * CREDITS, 3);
        skip(24 hours);
        channels.close(id);
        vm.assertEq(creditOf(payee), 90 * CREDITS);
        vm.assertEq(creditOf(payer), 910 * CREDITS);
    }
}
