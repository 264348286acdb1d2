// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, Phase } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 22: blocking the quorum to get a split, or to keep the ruling that was appealed. Two failed attempts once
///         ruled 3, or let the appealed ruling stand.
contract BlockingNeedsAsManySeatsAsWinningTest is Courtroom {
    function test_Blocking_needs_as_many_seats_as_winning() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        // One seat that stays away blocks nothing: two of three rule.
        vote(disputeId, votes(0, 2, 2));
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        // In a later round a majority of absent seats, three times, decides nothing: each time it pays, and others are drawn.
        appealBy(disputeId, Court.RESPONDENT);
        for (uint8 i = 1; i <= 3; ++i) {
            drawNow(disputeId);
            uint256 absent = newcomerAmongTheAbsent(disputeId);
            uint256 had = stakeAt(absent) + current(disputeId).seatBond;
            vote(disputeId, votes7([2, 2, 2, 0, 0, 0, 0]));
            vm.assertEq(stakeAt(absent), had - 34285714285714285714);
            vm.assertTrue(court.disputeOf(disputeId).phase == Phase.DRAW);
            vm.assertEq(uint256(court.disputeOf(disputeId).attempt), i + 1);
            pool.evict(absent);
        }
        drawNow(disputeId);
        vote(disputeId, unanimous(disputeId, Court.REJECT));
        settleNow(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
    }

    /// @dev Four stay away, three sat in the first round and still have their seats from there.
    function newcomerAmongTheAbsent(uint256 disputeId) private view returns (uint256 verifierId) {
        for (uint256 i = 3; i < 7; ++i) {
            verifierId = seatOf(disputeId, i).verifierId;
            if (court.openSeatsOf(verifierId) == 1) return verifierId;
        }
    }
}
