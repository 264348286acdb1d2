// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "./ChannelsCase.sol";

contract ChannelsCloseByPayeeTest is ChannelsCase {
    function test_The_payee_closes_at_once_and_gives_up_the_rest() public {
        redeem(1 * CREDITS, 1);
        trip(2);
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelClosed(id);
        vm.prank(payee);
        channels.closeByPayee(id);
        vm.assertEq(creditOf(payer), 999 * CREDITS);
        vm.assertEq(creditOf(payee), 1 * CREDITS);
        vm.assertEq(held(), 0);
        vm.assertEq(uint256(found().status), 3);
    }

    function test_Only_the_payee_does_so() public {
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayee.selector, id, payer));
        vm.prank(payer);
        channels.closeByPayee(id);
    }

    function test_A_closed_channel_stays_closed() public {
        vm.startPrank(payee);
        channels.closeByPayee(id);
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongStatus.selector, id, 3));
        channels.closeByPayee(id);
    }
}
