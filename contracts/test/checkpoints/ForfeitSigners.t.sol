// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CandidateState, ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Pledge, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract ForfeitSignersTest is CheckpointsCase {
    function test_What_every_signer_put_up_is_in_the_dispute() public {
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        signBy(1, 3);
        uint256 disputeId = openByWatcher(6, 1);
        uint256 held = balance(Accounts.dispute(disputeId));
        uint256 seat = checkpoints.candidateOf(1).seatBond;
        for (uint256 i; i < 3; ++i) {
            vm.expectEmit(wiring.vault);
            emit IVault.Moved(signer(i), Accounts.dispute(disputeId), bytes32(disputeId), seat, Reasons.SEAT_SLASH);
        }
        vm.prank(wiring.disputes);
        vm.assertEq(checkpoints.forfeitSigners(1, disputeId), 3 * seat);
        vm.assertEq(balance(Accounts.dispute(disputeId)), held + 3 * seat);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(balance(signer(i)), 0);
            vm.assertTrue(checkpoints.hasSigned(1, panel[i]));
            // Its place in the pool still holds it.
            vm.assertEq(registry.locksOf(panel[i]), 1);
        }
    }

    function test_Without_signatures_there_is_nothing_to_forfeit() public {
        post(1, roots(0, 1_999));
        uint256 disputeId = openByWatcher(6, 1);
        vm.prank(wiring.disputes);
        vm.assertEq(checkpoints.forfeitSigners(1, disputeId), 0);
    }

    function test_Undisputed_candidates_and_strangers_are_refused() public {
        post(1, roots(0, 1_999));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.WrongCandidateState.selector, 1, CandidateState.POSTED));
        vm.prank(wiring.disputes);
        checkpoints.forfeitSigners(1, 1);
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, watcher));
        vm.prank(watcher);
        checkpoints.forfeitSigners(1, 1);
    }

    function signer(uint256 index) private pure returns (bytes32) {
        // The first candidate; candidates stand above the accounts of v1.0.
        return Accounts.atRisk(Pledge.CHECKPOINT_SIGNER, (uint256(2) << 128) | (uint256(1) << 16) | index);
    }
}
