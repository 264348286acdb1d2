// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract DrawSignersTest is CheckpointsCase {
    function test_The_draw_has_its_blocks_and_a_later_seed_when_they_are_over() public {
        post(1, roots(0, 1_999));
        uint64 seedBlock = checkpoints.candidateOf(1).seedBlock;
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
        emit ICheckpoints.CandidateAwaitsPanel(1, seedBlock + 128);
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
        vm.assertEq(checkpoints.candidateOf(1).quorum, 5);
    }

    function test_Whoever_draws_has_half_of_the_fee() public {
        post(1, roots(0, 1_999));
        address keeper = person("keeper");
        vm.roll(checkpoints.candidateOf(1).seedBlock + 1);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            checkpoints.pledgeOf(1), Accounts.credit(keeper), bytes32(uint256(1)), 25 * CREDITS / 10, Reasons.KEEPER_FEE
        );
        vm.prank(keeper);
        checkpoints.drawSigners(1);
        vm.assertEq(creditOf(keeper), 25 * CREDITS / 10);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 5025 * CREDITS / 10);
    }

    function test_Candidates_that_wait_for_one_block_have_panels_of_their_own() public {
        endBootstrap();
        vm.roll(3_000);
        post(1, roots(0, 2_999));
        post(1, roots(0, 2_999));
        uint64 seedBlock = checkpoints.candidateOf(1).seedBlock;
        vm.assertEq(checkpoints.candidateOf(2).seedBlock, seedBlock);
        vm.assertEq(pool.waitingFor(seedBlock), 2);
        uint256[] memory first = drawn(1);
        uint256[] memory second = drawn(2);
        vm.assertTrue(keccak256(abi.encode(first)) != keccak256(abi.encode(second)));
        vm.assertTrue(checkpoints.candidateOf(1).seed != checkpoints.candidateOf(2).seed);
    }
}
