// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CandidateState, ICheckpoints, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { CheckpointsCase } from "../checkpoints/CheckpointsCase.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 55: for ten days somebody posts the next epoch first, one block long, and honest roots find no room.
contract SquattersBlockNoEpochTest is CheckpointsCase {
    address private squatter;
    uint256 private squatterId;

    function setUp() public override {
        super.setUp();
        squatter = person("squatter");
        squatterId = newAgent(squatter, 10_000 * CREDITS);
    }

    function test_Squatters_block_no_epoch() public {
        uint256 staked = stakeAt(squatterId);
        uint256 burnt = burned();
        for (uint64 epoch = 1; epoch <= 10; ++epoch) {
            uint64 from = epoch == 1 ? 0 : checkpoints.candidateOf(checkpoints.acceptedOf(epoch - 1)).roots.toBlock + 1;
            vm.roll(block.number + 7_200);
            uint64 head = uint64(block.number - 1);
            // One block is no epoch any more: the next one reaches to the present.
            bytes memory old = abi.encodeWithSelector(ICheckpoints.BlocksTooOld.selector, from, block.number - 1_024);
            vm.expectRevert(old);
            postBy(squatter, squatterId, epoch, Roots("junk", "junk", from, from, 1));
            uint256 junk = postBy(squatter, squatterId, epoch, Roots("junk", "junk", from, head, 1));
            // The honest roots stand beside the junk, are signed and accepted. Whoever draws is paid: nobody waits long.
            uint256 honest = post(epoch, roots(from, head));
            drawn(honest);
            checkpoints.drawSigners(junk);
            signBy(honest, 5);
            settle(honest);
            vm.assertEq(checkpoints.acceptedOf(epoch), honest);
            checkpoints.settleCandidate(junk);
            vm.assertTrue(stateOf(junk) == CandidateState.UNSIGNED);
        }
        vm.assertEq(uint256(checkpoints.lastEpoch()), 10);
        // Ten days of squatting: 25 credits burned a day, and 5 for whoever cleared away.
        vm.assertEq(burned() - burnt, 250 * CREDITS);
        vm.assertEq(stakeAt(squatterId), staked - 300 * CREDITS);
    }

    function test_Short_epochs_are_no_way_either() public {
        // Even a squatter whose roots are right and signed must wait a day for the next epoch, which then covers that day.
        uint256 own = postBy(squatter, squatterId, 1, roots(0, 1_999));
        drawn(own);
        signBy(own, 5);
        settle(own);
        vm.roll(block.number + 7_200);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksTooOld.selector, 2_000, block.number - 1_024));
        postBy(squatter, squatterId, 2, roots(2_000, 2_000));
        post(2, roots(2_000, uint64(block.number - 1)));
    }
}
