// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { Channels } from "../../src/payments/Channels.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "../channels/ChannelsCase.sol";

/// @notice Row 30: a voucher is brought to another channel, another contract, another chain.
contract AVoucherLivesInOneChannelTest is ChannelsCase {
    function test_A_voucher_lives_in_one_channel() public {
        vm.prank(payer);
        uint256 twin = channels.open(payee, signer, 100 * CREDITS, 24 hours, expiresAt);
        bytes memory signature = voucher(SIGNER_KEY, 10 * CREDITS, 1);
        vm.expectPartialRevert(IChannels.WrongSigner.selector);
        vm.prank(payee);
        channels.redeem(twin, 10 * CREDITS, 1, signature);

        IChannels other = new Channels(wiring, genesis());
        vm.assertTrue(other.voucherDigest(id, 1, 1) != channels.voucherDigest(id, 1, 1));

        uint256 home = block.chainid;
        vm.chainId(home + 1);
        vm.expectPartialRevert(IChannels.WrongSigner.selector);
        vm.prank(payee);
        channels.redeem(id, 10 * CREDITS, 1, signature);
        vm.chainId(home);
        vm.prank(payee);
        channels.redeem(id, 10 * CREDITS, 1, signature);
        vm.assertEq(creditOf(payee), 10 * CREDITS);
    }
}
