// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 21: lazy or random votes.
contract ACoinTossLosesTest is Courtroom {
    /// @dev Two honest seats, one that tosses a coin: right half of the time, against whoever is right.
    function test_A_coin_toss_loses() public {
        int256 sum = tossed(Court.UPHOLD) + tossed(Court.REJECT);
        vm.assertEq(tossed(Court.UPHOLD), int256(16 * CREDITS));
        vm.assertEq(tossed(Court.REJECT), -int256(40 * CREDITS));
        vm.assertEq(sum / 2, -int256(12 * CREDITS));
    }

    function test_A_coin_toss_loses_in_judged_disputes() public {
        setParam("incoherentDeterministic", 5_000);
        vm.assertEq((tossed(Court.UPHOLD) + tossed(Court.REJECT)) / 2, -int256(2 * CREDITS));
    }

    function tossed(uint8 choice) internal returns (int256 change) {
        uint256 before = vm.snapshotState();
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 lazy = seatOf(disputeId, 2).verifierId;
        vote(disputeId, votes(2, 2, choice));
        settleNow(disputeId);
        change = int256(stakeAt(lazy)) - int256(STAKED);
        vm.revertToState(before);
    }
}
