// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CandidateState, ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract SettleCandidateTest is CheckpointsCase {
    function test_Four_signatures_are_not_accepted_and_cost_a_twentieth_of_the_bond() public {
        uint256 staked = stakeAt(makerId);
        uint256 burnt = burned();
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        signBy(1, 4);
        vm.assertEq(checkpoints.openSignaturesOf(panel[0]), 1);
        vm.warp(checkpoints.candidateOf(1).finalAt);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CandidateSettled(1, uint8(CandidateState.UNSIGNED));
        checkpoints.settleCandidate(1);
        vm.assertTrue(stateOf(1) == CandidateState.UNSIGNED);
        vm.assertEq(stakeAt(makerId), staked - 30 * CREDITS, "25 burned, 5 for whoever drew and settled");
        vm.assertEq(burned(), burnt + 25 * CREDITS);
        vm.assertEq(checkpoints.openSignaturesOf(panel[0]), 0);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 0);
        vm.assertEq(post(1, roots(0, 1_999)), 2);
    }

    function test_A_candidate_without_panel_ends_and_nobody_waits() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        uint64 seedBlock = checkpoints.candidateOf(1).seedBlock;
        settle(1);
        vm.assertEq(pool.waitingFor(seedBlock), 0);
        // Nobody earned the half of the draw: it comes back.
        vm.assertEq(stakeAt(makerId), staked - 275 * CREDITS / 10);
        vm.assertEq(registry.locksOf(makerId), 0);
    }

    function test_Whoever_settles_has_half_of_the_fee() public {
        post(1, roots(0, 1_999));
        address keeper = person("keeper");
        vm.warp(checkpoints.candidateOf(1).finalAt);
        vm.prank(keeper);
        checkpoints.settleCandidate(1);
        vm.assertEq(creditOf(keeper), 25 * CREDITS / 10);
    }

    function test_A_signed_candidate_of_a_decided_epoch_is_superseded_and_loses_nothing() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_998));
        post(1, roots(0, 1_999));
        drawn(1);
        drawn(2);
        signBy(1, 5);
        signBy(2, 5);
        settle(2);
        vm.assertEq(checkpoints.acceptedOf(1), 2);
        settle(1);
        vm.assertTrue(stateOf(1) == CandidateState.SUPERSEDED);
        vm.assertEq(checkpoints.acceptedOf(1), 2);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 1);
        vm.assertEq(stakeAt(makerId), staked - 10 * CREDITS, "the keepers' fees alone");
    }

    /// @dev Whoever reads v1.0's events alone sees every accepted checkpoint, whole.
    function test_An_acceptance_is_told_in_the_words_of_the_first_revision_too() public {
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        signBy(1, 5);
        uint64 finalAt = checkpoints.candidateOf(1).finalAt;
        bytes32 seed = checkpoints.candidateOf(1).seed;
        vm.warp(finalAt);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CandidateSettled(1, uint8(CandidateState.ACCEPTED));
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointPosted(1, makerId, "log", "state", 0, 1_999, 7, finalAt);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointAwaitsPanel(1, checkpoints.candidateOf(1).seedBlock);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointPanelDrawn(1, seed, panel, 5, 10 * CREDITS);
        for (uint256 i; i < 5; ++i) {
            vm.expectEmit(wiring.checkpoints);
            emit ICheckpoints.CheckpointSigned(1, panel[i]);
        }
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointSettled(1, true);
        checkpoints.settleCandidate(1);
    }

    function test_A_challenge_in_vain_is_part_of_what_is_told() public {
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, 5);
        uint256 disputeId = openByWatcher(6, 1);
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        settleNow(disputeId);
        uint64 finalAt = checkpoints.candidateOf(1).finalAt;
        vm.warp(finalAt);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointDisputed(1, disputeId);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointResumed(1, true, finalAt);
        checkpoints.settleCandidate(1);
    }
}
