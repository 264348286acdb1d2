// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsTopUpTest is ChannelsCase {
    function test_A_top_up_raises_what_can_be_redeemed() public {
        redeem(60 * CREDITS, 1);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(payer), Accounts.channel(id), bytes32(id), 20 * CREDITS, Reasons.CHANNEL_DEPOSIT
        );
        vm.prank(payer);
        channels.topUp(id, 20 * CREDITS);
        vm.assertEq(channels.depositsOf(id), 120 * CREDITS);
        vm.assertEq(held(), 60 * CREDITS);
        redeem(120 * CREDITS, 2);
        vm.assertEq(creditOf(payee), 120 * CREDITS);
    }

    function test_Only_the_payer_tops_up() public {
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayer.selector, id, payee));
        vm.prank(payee);
        channels.topUp(id, 1);
    }

    function test_A_top_up_of_nothing_is_refused() public {
        vm.expectRevert(IChannels.EmptyDeposit.selector);
        vm.prank(payer);
        channels.topUp(id, 0);
    }

    function test_A_closing_channel_takes_no_more_money() public {
        startClose();
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 2));
        vm.prank(payer);
        channels.topUp(id, 1);
    }

    function test_A_tripped_breaker_stops_top_ups() public {
        trip(1);
        expectTripped("channels", 1);
        vm.prank(payer);
        channels.topUp(id, 1);
    }
}
