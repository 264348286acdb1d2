// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 3: conceding to a friend for a discount.
contract ConcedingCostsAsMuchAsLosingTest is Courtroom {
    function test_Conceding_costs_as_much_as_losing() public {
        uint256 losing = lossOf(false);
        uint256 conceding = lossOf(true);
        vm.assertEq(losing, 120 * CREDITS);
        vm.assertEq(conceding, losing);
    }

    function lossOf(bool concedes) internal returns (uint256 loss) {
        uint256 before = vm.snapshotState();
        uint256 had = creditOf(maker) + stakeAt(makerId);
        uint256 disputeId = openByWatcher(1, submitted());
        if (concedes) {
            vm.prank(maker);
            court.concede(disputeId);
        } else {
            seated(disputeId);
            vote(disputeId, unanimous(disputeId, Court.UPHOLD));
            settleNow(disputeId);
        }
        loss = had - creditOf(maker) - stakeAt(makerId);
        vm.revertToState(before);
    }
}
