// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { vm } from "../Vm.sol";
import { SeedCase } from "./SeedCase.sol";

contract CommitSeedTest is SeedCase {
    function test_A_commitment_costs_nothing_and_emits() public {
        uint256 had = creditOf(watcher);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.SeedCommitted(disputeId, 1, 1, watcher, commitment);
        commit(watcher, Court.CHALLENGER);
        vm.assertEq(creditOf(watcher), had);
        vm.assertEq(given(Court.CHALLENGER).commitment, commitment);
    }

    /// @dev Who commits for a side can lose its case, so a hot key cannot.
    function test_Only_the_owner_of_a_side_commits() public {
        vm.prank(maker);
        registry.setApprovalForAll(address(0xB07), true);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.RESPONDENT, address(0xB07))
        );
        commit(address(0xB07), Court.RESPONDENT);
        vm.assertEq(given(Court.RESPONDENT).commitment, bytes32(0));
    }

    function test_Commitments_that_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.RESPONDENT, watcher));
        commit(watcher, Court.RESPONDENT);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownSide.selector, 3));
        commit(watcher, 3);
        vm.expectRevert(IDisputes.ZeroCommitment.selector);
        vm.prank(watcher);
        court.commitSeed(disputeId, Court.CHALLENGER, 0);
        commit(watcher, Court.CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyCommitted.selector, disputeId, Court.CHALLENGER));
        commit(watcher, Court.CHALLENGER);
        vm.roll(seedBlock);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, 0, seedBlock, seedBlock));
        commit(maker, Court.RESPONDENT);
    }
}
