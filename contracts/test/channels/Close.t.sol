// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsCloseTest is ChannelsCase {
    function test_After_the_window_anyone_closes_and_the_rest_goes_home() public {
        redeem(25 * CREDITS, 1);
        startClose();
        skip(24 hours);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelClosed(id);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(payer), bytes32(id), 75 * CREDITS, Reasons.REFUND);
        channels.close(id);
        vm.assertEq(held(), 0);
        vm.assertEq(creditOf(payer), 975 * CREDITS);
        vm.assertEq(uint256(found().status), 3);
    }

    function test_An_empty_channel_closes_without_a_move() public {
        redeem(100 * CREDITS, 1);
        startClose();
        skip(24 hours);
        channels.close(id);
        vm.assertEq(uint256(found().status), 3);
        vm.assertEq(creditOf(payer), 900 * CREDITS);
    }

    function test_Closing_one_second_early_is_refused() public {
        startClose();
        uint64 closableAt = uint64(block.timestamp) + 24 hours;
        vm.warp(closableAt - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, closableAt, closableAt - 1));
        channels.close(id);
    }

    function test_Closing_what_nobody_has_started_to_close_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 1));
        channels.close(id);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, 9, 0));
        channels.close(9);
    }

    function test_Level_two_holds_the_close_until_its_grace_ends() public {
        startClose();
        skip(24 hours - 10);
        trip(2);
        skip(20);
        vm.expectPartialRevert(IBreaker.Tripped.selector);
        channels.close(id);
        skip(1 hours);
        // The trip ended, its grace of six hours not yet.
        vm.expectPartialRevert(Module.TooEarly.selector);
        channels.close(id);
        skip(6 hours);
        channels.close(id);
        vm.assertEq(creditOf(payer), 1_000 * CREDITS);
    }
}
