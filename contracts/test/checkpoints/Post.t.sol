// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Candidate, CandidateState, ICheckpoints, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract PostCheckpointTest is CheckpointsCase {
    function test_A_posting_locks_bond_and_fee_and_awaits_a_panel() public {
        uint256 staked = stakeAt(makerId);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CandidatePosted(
            1, 1, makerId, roots(0, 1_999), 500 * CREDITS, 5 * CREDITS, uint64(block.timestamp + 1 days)
        );
        vm.assertEq(post(1, roots(0, 1_999)), 1);
        vm.assertEq(stakeAt(makerId), staked - 505 * CREDITS);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 505 * CREDITS);
        Candidate memory found = checkpoints.candidateOf(1);
        vm.assertTrue(found.state == CandidateState.POSTED);
        vm.assertEq(found.bond, 500 * CREDITS);
        vm.assertEq(found.fee, 5 * CREDITS);
        vm.assertEq(found.epoch, 1);
        vm.assertEq(found.roots.toBlock, 1_999);
        vm.assertEq(pool.waitingFor(found.seedBlock), 1);
        vm.assertEq(registry.locksOf(makerId), 1);
        vm.assertEq(checkpoints.candidateCount(), 1);
    }

    function test_Candidates_for_one_epoch_stand_beside_each_other() public {
        post(1, roots(0, 1_998));
        vm.assertEq(post(1, roots(0, 1_999)), 2);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 505 * CREDITS);
        vm.assertEq(balance(checkpoints.pledgeOf(2)), 505 * CREDITS);
        vm.assertEq(registry.locksOf(makerId), 2);
    }

    function test_Postings_that_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.WrongEpoch.selector, 2, 1));
        post(2, roots(0, 10));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksOutOfOrder.selector, 10, 9, 2_000));
        post(1, roots(10, 9));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksOutOfOrder.selector, 0, 2_000, 2_000));
        post(1, roots(0, 2_000));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksDoNotAdjoin.selector, 1_500, 1_000));
        post(1, roots(1_500, 1_600));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksTooOld.selector, 975, 976));
        post(1, roots(0, 975));
        Roots memory empty = roots(0, 1_999);
        empty.stateRoot = 0;
        vm.expectRevert(ICheckpoints.ZeroRoot.selector);
        post(1, empty);
        vm.expectRevert();
        vm.prank(watcher);
        checkpoints.post(1, makerId, roots(0, 1_999));
        post(1, roots(0, 976));
    }
}
