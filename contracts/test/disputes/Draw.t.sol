// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract DrawPanelTest is DisputesCase {
    function test_A_draw_locks_a_seat_of_every_panelist() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        for (uint256 i; i < 3; ++i) {
            uint256 verifierId = seatOf(disputeId, i).verifierId;
            vm.assertEq(stakeAt(verifierId), STAKED - 40 * CREDITS);
            vm.assertEq(court.openSeatsOf(verifierId), 1);
        }
        vm.assertEq(current(disputeId).revealEnd, block.timestamp + 8 hours);
    }
}
