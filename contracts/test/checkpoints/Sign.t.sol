// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CandidateState, ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract SignCheckpointTest is CheckpointsCase {
    function test_Five_of_seven_signatures_are_accepted() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        vm.assertEq(panel.length, 7);
        vm.assertEq(checkpoints.candidateOf(1).quorum, 5);
        uint256 signer = stakeAt(panel[0]);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CandidateSigned(1, panel[0]);
        sign(1, panel[0]);
        vm.assertEq(stakeAt(panel[0]), signer - 10 * CREDITS);
        vm.assertEq(checkpoints.openSignaturesOf(panel[0]), 1);
        vm.assertTrue(checkpoints.hasSigned(1, panel[0]));
        vm.assertFalse(checkpoints.hasSigned(1, panel[1]));
        vm.assertFalse(checkpoints.hasSigned(1, makerId));
        for (uint256 i = 1; i < 5; ++i) {
            sign(1, panel[i]);
        }
        settle(1);
        vm.assertTrue(stateOf(1) == CandidateState.ACCEPTED);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 1);
        vm.assertEq(stakeAt(makerId), staked - 5 * CREDITS, "the keepers' fees");
        vm.assertEq(stakeAt(panel[0]), signer);
        vm.assertEq(registry.locksOf(panel[0]), 1, "the pool's lock alone");
        // The next epoch adjoins.
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksDoNotAdjoin.selector, 1_999, 2_000));
        post(2, roots(1_999, 2_001));
        vm.roll(block.number + 10);
        post(2, roots(2_000, 2_050));
    }

    function test_Signatures_that_are_refused() public {
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        vm.expectRevert();
        vm.prank(watcher);
        checkpoints.sign(1, panel[0]);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.NotSigner.selector, 1, makerId));
        vm.prank(maker);
        checkpoints.sign(1, makerId);
        sign(1, panel[0]);
        address owner = registry.ownerOf(panel[0]);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.AlreadySigned.selector, 1, panel[0]));
        vm.prank(owner);
        checkpoints.sign(1, panel[0]);
        uint64 finalAt = checkpoints.candidateOf(1).finalAt;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, finalAt, block.timestamp));
        checkpoints.settleCandidate(1);
        vm.warp(finalAt);
        owner = registry.ownerOf(panel[1]);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, finalAt, finalAt));
        vm.prank(owner);
        checkpoints.sign(1, panel[1]);
    }
}
