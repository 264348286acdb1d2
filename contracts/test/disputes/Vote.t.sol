// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract VoteTest is DisputesCase {
    function test_Votes_that_are_refused() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 seat = seatOf(disputeId, 0).verifierId;
        uint256 second = seatOf(disputeId, 1).verifierId;
        address owner = registry.ownerOf(seat);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotOnPanel.selector, disputeId, watcherId));
        vm.prank(watcher);
        court.commitVote(disputeId, watcherId, "c");
        vm.expectRevert();
        vm.prank(watcher);
        court.commitVote(disputeId, seat, "c");
        vm.expectRevert(IDisputes.ZeroCommitment.selector);
        vm.prank(owner);
        court.commitVote(disputeId, seat, 0);
        commitSeat(disputeId, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyCommitted.selector, disputeId, seat));
        vm.prank(owner);
        court.commitVote(disputeId, seat, "c");
        uint64 commitEnd = current(disputeId).commitEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, commitEnd, block.timestamp));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 1, saltOf(seat), 0);
        vm.warp(commitEnd);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, commitEnd, commitEnd));
        vm.prank(owner);
        court.commitVote(disputeId, seat, "c");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownChoice.selector, 4));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 4, saltOf(seat), 0);
        vm.expectRevert();
        vm.prank(owner);
        court.revealVote(disputeId, seat, 2, saltOf(seat), 0);
        revealSeat(disputeId, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyRevealed.selector, disputeId, seat));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 1, saltOf(seat), 0);
        owner = registry.ownerOf(second);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotCommitted.selector, disputeId, second));
        vm.prank(owner);
        court.revealVote(disputeId, second, 1, saltOf(second), 0);
        uint64 revealEnd = current(disputeId).revealEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, revealEnd, block.timestamp));
        court.resolveRound(disputeId);
    }
}
