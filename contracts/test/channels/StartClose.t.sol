// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsStartCloseTest is ChannelsCase {
    function test_The_payer_starts_at_any_time_even_under_a_tripped_breaker() public {
        trip(2);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelClosing(id, payer, GENESIS_TIME + 24 hours);
        vm.prank(payer);
        channels.startClose(id);
        vm.assertEq(uint256(found().status), 2);
        vm.assertEq(uint256(found().closableAt), GENESIS_TIME + 24 hours);
    }

    function test_Anyone_else_starts_from_the_expiry_on() public {
        vm.warp(expiresAt - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, expiresAt, expiresAt - 1));
        channels.startClose(id);
        vm.warp(expiresAt);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelClosing(id, address(this), expiresAt + 24 hours);
        channels.startClose(id);
    }

    function test_Level_two_holds_back_everybody_but_the_payer() public {
        vm.warp(expiresAt);
        trip(2);
        expectTripped("channels", 2);
        channels.startClose(id);
    }

    function test_A_close_starts_once() public {
        startClose();
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 2));
        vm.prank(payer);
        channels.startClose(id);
    }
}
