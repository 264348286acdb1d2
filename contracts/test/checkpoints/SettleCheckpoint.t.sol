// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CheckpointState } from "../../src/interfaces/ICheckpoints.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract SettleCheckpointTest is CheckpointsCase {
    function test_Four_signatures_are_not_accepted_and_the_bond_comes_back() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, 4);
        settle(1);
        vm.assertTrue(checkpoints.checkpointOf(1).state == CheckpointState.REJECTED);
        vm.assertEq(stakeAt(makerId), staked);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 0);
        post(1, roots(0, 1_999));
        vm.assertEq(uint256(checkpoints.checkpointOf(1).posting), 2);
    }

    function test_A_checkpoint_without_panel_ends_and_nobody_waits() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        uint64 seedBlock = checkpoints.checkpointOf(1).seedBlock;
        settle(1);
        vm.assertEq(pool.waitingFor(seedBlock), 0);
        vm.assertEq(stakeAt(makerId), staked);
        vm.assertEq(registry.locksOf(makerId), 0);
    }
}
