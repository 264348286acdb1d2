// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 23: bribing the panels.
contract ABribedFirstRoundIsOverturnedTest is Courtroom {
    function test_A_bribed_first_round_is_overturned() public {
        uint256 taskId = submitted();
        uint256 disputeId = openByWatcher(1, taskId);
        seated(disputeId);
        uint256 bribed = seatOf(disputeId, 0).verifierId;
        vote(disputeId, votes(2, 2, 1));
        appealBy(disputeId, Court.RESPONDENT);
        drawNow(disputeId);
        // Four of seven are bribed as well: a majority again.
        vote(disputeId, votes7([2, 2, 2, 2, 1, 1, 1]));
        appealBy(disputeId, Court.RESPONDENT);
        drawNow(disputeId);
        vote(disputeId, unanimous(disputeId, Court.REJECT));
        uint256 seats = 2 * 40 * CREDITS + 4 * 34285714285714285714;
        uint256 before = burned() + creditOf(address(this));
        uint256 drawn = creditOf(address(this));
        settleNow(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
        vm.assertLe(reputation.scoreOf(bribed, "verification"), int256(0), "the bribed seat lost more than one win");
        // Z = the challenger's 120 and what the six bribed seats had at risk.
        uint256 pot = 120 * CREDITS + seats;
        // What would burn pays whoever drew and settled.
        vm.assertGe(burned() + creditOf(address(this)) + drawn - before, pot / 10);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
    }
}
