// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract AppealTest is DisputesCase {
    function test_A_split_may_be_appealed_by_either_side_and_the_third_round_is_the_last() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(3, 3, 3));
        appealBy(disputeId, Court.RESPONDENT);
        vm.assertEq(court.disputeOf(disputeId).appealedByRespondent, 240 * CREDITS);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 7);
        vote(disputeId, unanimous(disputeId, 3));
        appealBy(disputeId, Court.CHALLENGER);
        vm.assertEq(court.disputeOf(disputeId).appealedByChallenger, 480 * CREDITS);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 15);
        vote(disputeId, unanimous(disputeId, 3));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.LastRound.selector, disputeId, 3));
        vm.prank(watcher);
        court.appeal(disputeId, Court.CHALLENGER);
        court.settle(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.SPLIT);
    }

    /// @dev The attempt that ruled is the one whose seats are settled: a later round remembers it.
    function test_A_round_remembers_the_attempt_that_ruled_before_it() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(0, 0, 1));
        drawNow(disputeId);
        uint256 ruled = seatOf(disputeId, 0).verifierId;
        vote(disputeId, votes(2, 2, 2));
        appealBy(disputeId, Court.RESPONDENT);
        vm.assertEq(uint256(current(disputeId).previous), 2);
        drawNow(disputeId);
        vote(disputeId, unanimous(disputeId, 2));
        vm.assertGe(court.openSeatsOf(ruled), 1);
        settleNow(disputeId);
        vm.assertEq(court.openSeatsOf(ruled), 0);
    }

    function test_Appeals_that_are_refused() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.NothingToAppeal.selector, disputeId, Court.RESPONDENT, Court.REJECT)
        );
        appealBy(disputeId, Court.RESPONDENT);
        uint64 end = court.disputeOf(disputeId).appealEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, block.timestamp));
        court.settle(disputeId);
        vm.warp(end);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, end, end));
        vm.prank(watcher);
        court.appeal(disputeId, Court.CHALLENGER);
    }
}
