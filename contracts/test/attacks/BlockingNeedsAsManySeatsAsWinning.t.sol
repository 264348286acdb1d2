// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 22: blocking the quorum to get a split.
contract BlockingNeedsAsManySeatsAsWinningTest is Courtroom {
    function test_Blocking_needs_as_many_seats_as_winning() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        // One seat that stays away blocks nothing: two of three rule.
        vote(disputeId, votes(0, 2, 2));
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        // In a later round a majority of absent seats, twice, changes nothing: the ruling stands, the bond goes home.
        uint256 had = creditOf(maker);
        appealBy(disputeId, Court.RESPONDENT);
        for (uint256 i; i < 2; ++i) {
            drawNow(disputeId);
            vote(disputeId, votes7([2, 2, 2, 0, 0, 0, 0]));
        }
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        vm.assertEq(creditOf(maker), had);
        vm.assertEq(court.disputeOf(disputeId).postedByRespondent, 120 * CREDITS);
        uint256 burnt = burned();
        settleNow(disputeId);
        // Eight absent seats of round two and one of round one have paid their whole J.
        uint256 slashed = 8 * uint256(34285714285714285715) + 40 * CREDITS;
        uint256 pot = 120 * CREDITS + slashed;
        vm.assertGe(burned() - burnt, pot / 10);
        vm.assertLe(burned() - burnt, pot / 10 + 20);
    }
}
