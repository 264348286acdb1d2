// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { vm } from "../Vm.sol";
import { SeedCase } from "./SeedCase.sol";

contract RevealSeedTest is SeedCase {
    function test_A_secret_is_revealed_and_emitted() public {
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 1);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.SeedRevealed(disputeId, 1, 1, maker, SECRET);
        reveal(SECRET);
        vm.assertTrue(given(Court.RESPONDENT).revealed);
        vm.assertEq(given(Court.RESPONDENT).secret, SECRET);
    }

    /// @dev So nobody loses a case for want of a connection or of gas.
    function test_Whoever_knows_a_secret_may_reveal_it() public {
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 1);
        vm.prank(address(0xBEA2));
        court.revealSeed(disputeId, Court.RESPONDENT, SECRET);
        vm.assertTrue(given(Court.RESPONDENT).revealed);
    }

    function test_Reveals_that_are_refused() public {
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, seedBlock + 1, seedBlock + 17, seedBlock)
        );
        reveal(SECRET);
        vm.roll(seedBlock + 1);
        bytes32 found = keccak256(abi.encode(bytes32("wrong")));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongSecret.selector, commitment, found));
        reveal("wrong");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotCommitted.selector, disputeId, Court.CHALLENGER));
        vm.prank(watcher);
        court.revealSeed(disputeId, Court.CHALLENGER, SECRET);
        reveal(SECRET);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyRevealed.selector, disputeId, Court.RESPONDENT));
        reveal(SECRET);
        vm.roll(seedBlock + 17);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, seedBlock + 1, seedBlock + 17, seedBlock + 17)
        );
        reveal(SECRET);
    }
}
