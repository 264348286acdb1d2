// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Contribution, Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

contract SeedTest is Courtroom {
    uint256 internal disputeId;
    uint64 internal seedBlock;
    bytes32 internal constant SECRET = "secret";
    bytes32 internal commitment = keccak256(abi.encode(SECRET));

    function setUp() public override {
        super.setUp();
        disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        seedBlock = current(disputeId).seedBlock;
    }

    function commit(address who, uint8 side) internal {
        vm.prank(who);
        court.commitSeed(disputeId, side, commitment);
    }

    function given(uint8 side) internal view returns (Contribution memory) {
        return court.contributionOf(disputeId, 1, 1, seedBlock, side);
    }

    function test_A_commitment_locks_a_quarter_of_B_and_emits() public {
        uint256 had = creditOf(watcher);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.SeedCommitted(disputeId, 1, 1, watcher, commitment);
        commit(watcher, Court.CHALLENGER);
        vm.assertEq(creditOf(watcher), had - 30 * CREDITS);
        vm.assertEq(given(Court.CHALLENGER).commitment, commitment);
    }

    function test_A_reveal_gives_the_deposit_back_and_emits() public {
        uint256 had = creditOf(maker);
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 1);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.SeedRevealed(disputeId, 1, 1, maker, SECRET);
        vm.prank(maker);
        court.revealSeed(disputeId, Court.RESPONDENT, SECRET);
        vm.assertEq(creditOf(maker), had);
        vm.assertTrue(given(Court.RESPONDENT).revealed);
        vm.assertEq(given(Court.RESPONDENT).secret, SECRET);
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

    function reveal(bytes32 secret) internal {
        vm.prank(maker);
        court.revealSeed(disputeId, Court.RESPONDENT, secret);
    }

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

    function accountOf() internal view returns (bytes32) {
        return bytes32((uint256(7) << 248) | disputeId);
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

    function test_A_withdrawal_before_the_reveal_gives_the_deposit_back() public {
        uint256 had = creditOf(maker);
        commit(maker, Court.RESPONDENT);
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertEq(creditOf(maker), had + 15 * CREDITS);
        vm.assertEq(pool.waitingFor(seedBlock), 0);
    }
}
