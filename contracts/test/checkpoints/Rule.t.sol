// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Candidate, CandidateState, ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract RuleCheckpointTest is CheckpointsCase {
    /// @dev Kind 6 upheld: the poster loses B, every signer its seat, and all of it is in one Z.
    function test_A_wrong_checkpoint_costs_its_poster_and_its_signers() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        signBy(1, 5);
        uint256 had = creditOf(watcher);
        uint256 burnt = burned();
        uint256 disputeId = openByWatcher(6, 1);
        seated(disputeId);
        // J = ceil(500 / 3), held to the largest seat.
        vm.assertEq(current(disputeId).seatBond, 100 * CREDITS);
        vote(disputeId, votes(2, 2, 2));
        uint256 first = stakeAt(panel[0]);
        settleNow(disputeId);
        // Z = 500 + 5 * 10.
        vm.assertEq(creditOf(watcher), had + 275 * CREDITS);
        // A draw and a settlement pay 1.5 credits each, half of a hundredth of the seats.
        vm.assertEq(burned(), burnt + 52 * CREDITS + 1);
        // Half of the fee went to whoever drew, half comes back: the court ended it.
        vm.assertEq(stakeAt(makerId), staked - 5025 * CREDITS / 10);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 0);
        vm.assertTrue(stateOf(1) == CandidateState.REJECTED);
        vm.assertEq(registry.locksOf(makerId), 0);
        for (uint256 i; i < 5; ++i) {
            vm.assertEq(registry.locksOf(panel[i]), 1);
        }
        vm.assertGe(stakeAt(panel[0]), first);
    }

    function test_Fuzz_a_wrong_checkpoint_sums_to_zero(uint256 bond, uint256 seat, uint256 signers) public {
        bond = bound(bond, 100 * CREDITS, 9_000 * CREDITS);
        seat = bound(seat, 1 * CREDITS, 100 * CREDITS);
        signers = bound(signers, 0, 7);
        setParam("checkpointBond", bond);
        setParam("minSeat", seat);
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, signers);
        uint256 disputeId = openByWatcher(6, 1);
        uint256 b = (bond / 2 * 20 + 9) / 10;
        uint256 had = creditOf(watcher);
        uint256 burnt = burned();
        vm.prank(maker);
        court.concede(disputeId);
        uint256 pot = b + signers * seat;
        vm.assertEq(creditOf(watcher), had + b + pot / 2);
        vm.assertEq(burned(), burnt + pot - pot / 2);
        vm.assertEq(balance(Accounts.dispute(disputeId)), 0);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 0);
    }

    function test_A_rejected_challenge_leaves_time_to_sign() public {
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, 3);
        vm.warp(checkpoints.candidateOf(1).finalAt - 1);
        uint256 disputeId = openByWatcher(6, 1);
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        settleNow(disputeId);
        Candidate memory found = checkpoints.candidateOf(1);
        vm.assertEq(found.finalAt, block.timestamp + 1 days);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 5025 * CREDITS / 10);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.AlreadyRuled.selector, 1));
        openByWatcher(6, 1);
        uint256[] memory panel = checkpoints.panelOf(1);
        sign(1, panel[3]);
        sign(1, panel[4]);
        settle(1);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 1);
    }

    function test_A_withdrawn_challenge_leaves_room_for_another() public {
        post(1, roots(0, 1_999));
        uint256 disputeId = openByWatcher(6, 1);
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertFalse(checkpoints.candidateOf(1).ruled);
        openByWatcher(6, 1);
    }

    function test_A_split_accepts_nothing_and_gives_the_rest_back() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, 5);
        uint256 disputeId = openByWatcher(6, 1);
        seated(disputeId);
        vote(disputeId, votes(3, 3, 3));
        uint256 had = creditOf(maker);
        settleNow(disputeId);
        vm.assertEq(creditOf(maker), had + 400 * CREDITS - 15 * CREDITS / 10);
        vm.assertEq(stakeAt(makerId), staked - 5025 * CREDITS / 10);
        vm.assertTrue(stateOf(1) == CandidateState.REJECTED);
    }
}
