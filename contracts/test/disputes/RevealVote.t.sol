// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { PanelCase } from "./PanelCase.sol";

contract RevealVoteTest is PanelCase {
    function setUp() public override {
        super.setUp();
        commitSeat(disputeId, 0, 1);
    }

    function reveal(uint256 verifierId, uint8 choice) internal {
        vm.prank(registry.ownerOf(verifierId));
        court.revealVote(disputeId, verifierId, choice, saltOf(verifierId), "why");
    }

    function test_A_vote_is_opened_and_counted() public {
        vm.warp(current(disputeId).commitEnd);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.VoteRevealed(disputeId, 1, 1, seat, 1, "why");
        reveal(seat, 1);
        vm.assertEq(uint256(seatOf(disputeId, 0).choice), 1);
        vm.assertEq(uint256(current(disputeId).reveals), 1);
        bytes32 salt = saltOf(seat);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyRevealed.selector, disputeId, seat));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 1, salt, "why");
    }

    function test_A_vote_is_not_opened_while_others_commit_nor_when_the_time_is_over() public {
        uint64 commitEnd = current(disputeId).commitEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, commitEnd, block.timestamp));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 1, 0, 0);
        uint64 revealEnd = current(disputeId).revealEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, revealEnd, block.timestamp));
        court.resolveRound(disputeId);
        vm.warp(revealEnd);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, revealEnd, revealEnd));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 1, 0, 0);
    }

    function test_Only_the_committed_choice_is_opened_and_only_by_its_seat() public {
        uint256 second = seatOf(disputeId, 1).verifierId;
        address other = registry.ownerOf(second);
        bytes32 salt = saltOf(seat);
        vm.warp(current(disputeId).commitEnd);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownChoice.selector, 4));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 4, salt, 0);
        bytes memory wrong = abi.encodeWithSelector(
            IDisputes.WrongSecret.selector,
            bytes32(bytes23(commitmentFor(disputeId, seat, 1))),
            commitmentFor(disputeId, seat, 2)
        );
        vm.expectRevert(wrong);
        vm.prank(owner);
        court.revealVote(disputeId, seat, 2, salt, 0);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotCommitted.selector, disputeId, second));
        vm.prank(other);
        court.revealVote(disputeId, second, 1, salt, 0);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotOnPanel.selector, disputeId, watcherId));
        vm.prank(watcher);
        court.revealVote(disputeId, watcherId, 1, salt, 0);
        vm.assertEq(uint256(current(disputeId).reveals), 0);
    }
}
