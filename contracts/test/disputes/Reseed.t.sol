// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { SeedCase } from "./SeedCase.sol";

contract ReseedTest is SeedCase {
    function test_A_reseed_names_a_later_block_and_asks_for_secrets_anew() public {
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 1);
        reveal(SECRET);
        vm.roll(seedBlock + 64);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundStarted(disputeId, 1, 1, 0, 3, 2, seedBlock + 128, current(disputeId).drawBy);
        court.reseed(disputeId);
        seedBlock = current(disputeId).seedBlock;
        vm.assertTrue(current(disputeId).reseeded);
        vm.assertEq(given(Court.RESPONDENT).commitment, 0);
        commit(maker, Court.RESPONDENT);
        vm.assertEq(given(Court.RESPONDENT).commitment, commitment);
    }

    /// @dev Letting the window pass is no way around a secret.
    function test_A_secret_withheld_until_the_window_is_over_loses_too() public {
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 64);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.DisputeSettled(disputeId, Court.UPHOLD, Court.FORFEITED);
        court.reseed(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.SETTLED);
        vm.assertEq(pool.waitingFor(seedBlock), 0);
    }

    function test_A_held_dispute_is_reseeded_for_ever() public {
        vm.warp(current(disputeId).drawBy + 300 days);
        vm.roll(seedBlock + 64);
        court.reseed(disputeId);
        vm.assertEq(current(disputeId).seedBlock, seedBlock + 128);
    }

    function test_A_larger_panel_is_not_reseeded_after_drawBy() public {
        vm.roll(seedBlock + 1);
        court.draw(disputeId);
        vote(disputeId, votes(1, 1, 1));
        appealBy(disputeId, Court.CHALLENGER);
        letTheDrawPass(disputeId);
        uint64 drawBy = current(disputeId).drawBy;
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, drawBy, drawBy));
        court.reseed(disputeId);
        vm.assertFalse(current(disputeId).reseeded);
    }
}
