// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract DrawSignersTest is CheckpointsCase {
    function test_The_draw_has_its_blocks_and_a_later_seed_when_they_are_over() public {
        post(1, roots(0, 1_999));
        uint64 seedBlock = checkpoints.checkpointOf(1).seedBlock;
        vm.roll(seedBlock);
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpoints.SeedOutsideBlocks.selector, seedBlock + 1, seedBlock + 64, seedBlock)
        );
        checkpoints.drawSigners(1);
        vm.expectRevert();
        checkpoints.reseed(1);
        vm.roll(seedBlock + 1);
        vm.setBlockhash(seedBlock, 0);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.SeedHashGone.selector, seedBlock));
        checkpoints.drawSigners(1);
        vm.roll(seedBlock + 64);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointAwaitsPanel(1, seedBlock + 128);
        checkpoints.reseed(1);
        drawn(1);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.PanelAlreadyDrawn.selector, 1));
        checkpoints.drawSigners(1);
    }

    function test_After_the_bootstrap_two_thirds_of_seven_must_sign() public {
        endBootstrap();
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        vm.assertEq(panel.length, 7);
        vm.assertEq(checkpoints.checkpointOf(1).quorum, 5);
    }
}
