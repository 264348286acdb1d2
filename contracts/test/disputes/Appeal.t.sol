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
        vm.assertEq(court.disputeOf(disputeId).postedByRespondent, 360 * CREDITS);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 7);
        vote(disputeId, unanimous(disputeId, 3));
        appealBy(disputeId, Court.CHALLENGER);
        vm.assertEq(court.disputeOf(disputeId).postedByChallenger, 600 * CREDITS);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 15);
        vote(disputeId, unanimous(disputeId, 3));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.LastRound.selector, disputeId, 3));
        vm.prank(watcher);
        court.appeal(disputeId, Court.CHALLENGER);
        court.settle(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.SPLIT);
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
