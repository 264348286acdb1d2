// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, Phase } from "../../src/interfaces/IDisputes.sol";
import { vm } from "../Vm.sol";
import { SeedCase } from "./SeedCase.sol";

contract ReseedTest is SeedCase {
    /// @dev Found by the invariants: both attempts waited for the same block, and the first one's deposit was paid twice.
    function test_A_deposit_belongs_to_its_attempt() public {
        uint256 had = creditOf(maker);
        commit(maker, Court.RESPONDENT);
        // The time for the draw passes while the chain stands still.
        vm.warp(current(disputeId).drawBy);
        court.resolveRound(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).attempt), 2);
        vm.assertEq(current(disputeId).seedBlock, seedBlock);
        vm.assertEq(creditOf(maker), had, "the secret could still have been revealed");
        vm.roll(seedBlock + 1);
        court.draw(disputeId);
        vm.assertEq(balance(accountOf()), 240 * CREDITS);
    }

    function test_A_reseed_burns_a_withheld_secret_and_asks_anew() public {
        uint256 burnt = burned();
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 64);
        court.reseed(disputeId);
        vm.assertEq(burned(), burnt + 30 * CREDITS);
        seedBlock = current(disputeId).seedBlock;
        vm.assertEq(given(Court.RESPONDENT).commitment, 0);
        commit(maker, Court.RESPONDENT);
        vm.assertEq(given(Court.RESPONDENT).commitment, commitment);
    }

    function test_A_reseed_after_drawBy_is_refused() public {
        vm.roll(seedBlock + 64);
        vm.warp(current(disputeId).drawBy);
        vm.expectRevert();
        court.reseed(disputeId);
        vm.expectRevert();
        court.draw(disputeId);
        court.resolveRound(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.DRAW);
    }
}
