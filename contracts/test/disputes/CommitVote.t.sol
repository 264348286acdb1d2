// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { PanelCase } from "./PanelCase.sol";

contract CommitVoteTest is PanelCase {
    function test_A_seat_commits_to_a_vote_that_nobody_sees() public {
        vm.expectEmit(wiring.disputes);
        emit IDisputes.VoteCommitted(disputeId, 1, 1, seat, "c");
        vm.prank(owner);
        court.commitVote(disputeId, seat, "c");
        vm.assertEq(seatOf(disputeId, 0).commitment, bytes23("c"));
        vm.assertEq(uint256(seatOf(disputeId, 0).choice), 0);
        vm.assertEq(uint256(current(disputeId).reveals), 0);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyCommitted.selector, disputeId, seat));
        vm.prank(owner);
        court.commitVote(disputeId, seat, "d");
    }

    function test_Only_the_owner_of_a_seat_commits() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotOnPanel.selector, disputeId, watcherId));
        vm.prank(watcher);
        court.commitVote(disputeId, watcherId, "c");
        vm.expectRevert();
        vm.prank(watcher);
        court.commitVote(disputeId, seat, "c");
        vm.assertEq(seatOf(disputeId, 0).commitment, bytes23(0));
    }

    function test_An_empty_commitment_is_refused() public {
        vm.expectRevert(IDisputes.ZeroCommitment.selector);
        vm.prank(owner);
        court.commitVote(disputeId, seat, 0);
        // What is kept of it must not be empty either.
        vm.expectRevert(IDisputes.ZeroCommitment.selector);
        vm.prank(owner);
        court.commitVote(disputeId, seat, bytes32(uint256(1)));
    }

    function test_A_late_commitment_is_refused() public {
        uint64 commitEnd = current(disputeId).commitEnd;
        vm.warp(commitEnd);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, commitEnd, commitEnd));
        vm.prank(owner);
        court.commitVote(disputeId, seat, "c");
    }

    function test_Nobody_commits_where_there_is_no_panel() public {
        uint256 waiting = openByWatcher(1, submitted());
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, waiting, Phase.EVIDENCE, Phase.VOTING));
        vm.prank(owner);
        court.commitVote(waiting, seat, "c");
    }
}
