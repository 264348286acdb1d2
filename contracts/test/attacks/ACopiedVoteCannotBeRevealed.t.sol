// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 20: copying votes.
contract ACopiedVoteCannotBeRevealedTest is Courtroom {
    function test_A_copied_vote_cannot_be_revealed() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 honest = seatOf(disputeId, 0).verifierId;
        uint256 copycat = seatOf(disputeId, 1).verifierId;
        bytes32 commitment = commitmentFor(disputeId, honest, Court.UPHOLD);
        commitSeat(disputeId, 0, Court.UPHOLD);
        vm.prank(registry.ownerOf(copycat));
        court.commitVote(disputeId, copycat, commitment);
        vm.warp(current(disputeId).commitEnd);
        revealSeat(disputeId, 0, Court.UPHOLD);
        // What the honest one has shown opens its own commitment alone.
        bytes32 found = court.voteCommitmentOf(disputeId, 1, 1, copycat, Court.UPHOLD, saltOf(honest));
        vm.prank(registry.ownerOf(copycat));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongSecret.selector, bytes32(bytes23(commitment)), found));
        court.revealVote(disputeId, copycat, Court.UPHOLD, saltOf(honest), 0);
    }
}
