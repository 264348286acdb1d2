// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CheckpointState, EpochCheckpoint, ICheckpoints, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract PostCheckpointTest is CheckpointsCase {
    function test_A_posting_locks_the_bond_and_awaits_a_panel() public {
        uint256 staked = stakeAt(makerId);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointPosted(1, makerId, "log", "state", 0, 1_999, 7, uint64(block.timestamp + 1 days));
        post(1, roots(0, 1_999));
        vm.assertEq(stakeAt(makerId), staked - 500 * CREDITS);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 500 * CREDITS);
        EpochCheckpoint memory found = checkpoints.checkpointOf(1);
        vm.assertTrue(found.state == CheckpointState.POSTED);
        vm.assertEq(found.bond, 500 * CREDITS);
        vm.assertEq(pool.waitingFor(found.seedBlock), 1);
        vm.assertEq(registry.locksOf(makerId), 1);
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
        Roots memory empty = roots(0, 1);
        empty.stateRoot = 0;
        vm.expectRevert(ICheckpoints.ZeroRoot.selector);
        post(1, empty);
        vm.expectRevert();
        vm.prank(watcher);
        checkpoints.post(1, makerId, roots(0, 10));
        post(1, roots(0, 10));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.WrongCheckpointState.selector, 1, CheckpointState.POSTED));
        post(1, roots(0, 10));
    }
}
