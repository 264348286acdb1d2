// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { vm } from "../Vm.sol";
import { ChannelsCase } from "../channels/ChannelsCase.sol";

/// @notice Row 41: both agreed to close at 10, and went on. The payer brings that close when the payee holds a voucher of 90.
contract ACloseOfYesterdayIsNotBroughtTodayTest is ChannelsCase {
    function test_A_close_of_yesterday_is_not_brought_today() public {
        uint64 deadline = GENESIS_TIME + 1 hours;
        bytes memory agreed = sign(SIGNER_KEY, channels.closeDigest(id, 10 * CREDITS, deadline));
        // As told: with the payee's signature beside it, the close at 10 was the payer's to bring, and 80 were lost.
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayee.selector, id, payer));
        vm.prank(payer);
        channels.closeTogether(id, 10 * CREDITS, deadline, agreed);
        // The payee has the last word, and takes what the last voucher says.
        redeem(90 * CREDITS, 2);
        vm.expectRevert(abi.encodeWithSelector(IChannels.NotIncreasing.selector, id, 10 * CREDITS, 90 * CREDITS));
        vm.prank(payee);
        channels.closeTogether(id, 10 * CREDITS, deadline, agreed);
        vm.assertEq(creditOf(payee), 90 * CREDITS);
    }
}
