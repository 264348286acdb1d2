// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EpochCheckpoints } from "../../src/court/EpochCheckpoints.sol";
import { CheckpointState, EpochCheckpoint, ICheckpoints, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { Court } from "../../src/interfaces/IDisputes.sol";
import { Accounts, Pledge } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

contract CheckpointsTest is Courtroom {
    EpochCheckpoints internal checkpoints;

    function setUp() public override {
        super.setUp();
        checkpoints = EpochCheckpoints(wiring.checkpoints);
        vm.roll(2_000);
    }

    function roots(uint64 fromBlock, uint64 toBlock) internal pure returns (Roots memory) {
        return Roots("log", "state", fromBlock, toBlock, 7);
    }

    function post(uint64 epoch, Roots memory r) internal {
        vm.prank(maker);
        checkpoints.post(epoch, makerId, r);
    }

    function drawn(uint64 epoch) internal returns (uint256[] memory) {
        vm.roll(checkpoints.checkpointOf(epoch).seedBlock + 1);
        checkpoints.drawSigners(epoch);
        return checkpoints.panelOf(epoch);
    }

    function sign(uint64 epoch, uint256 verifierId) internal {
        address owner = registry.ownerOf(verifierId);
        vm.prank(owner);
        checkpoints.sign(epoch, verifierId);
    }

    function signBy(uint64 epoch, uint256 count) internal {
        uint256[] memory panel = checkpoints.panelOf(epoch);
        for (uint256 i; i < count; ++i) {
            sign(epoch, panel[i]);
        }
    }

    function settle(uint64 epoch) internal {
        vm.warp(checkpoints.checkpointOf(epoch).finalAt);
        checkpoints.settleCheckpoint(epoch);
    }

    function test_A_posting_locks_the_bond_and_awaits_a_panel() public {
        uint256 staked = stakeAt(makerId);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointPosted(1, makerId, "log", "state", 0, 1_999, 7, uint64(block.timestamp + 1 days));
        post(1, roots(0, 1_999));
        vm.assertEq(stakeAt(makerId), staked - 500 * CREDITS);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 500 * CREDITS);
        EpochCheckpoint memory found = checkpoints.checkpointOf(1);
        vm.assertTrue(found.state == CheckpointState.POSTED);
        vm.assertEq(found.bond, 500 * CREDITS);
        vm.assertEq(pool.waitingFor(found.seedBlock), 1);
        vm.assertEq(registry.locksOf(makerId), 1);
    }

    function test_Postings_that_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.WrongEpoch.selector, 2, 1));
        post(2, roots(0, 10));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksOutOfOrder.selector, 10, 9, 2_000));
        post(1, roots(10, 9));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksOutOfOrder.selector, 0, 2_000, 2_000));
        post(1, roots(0, 2_000));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksDoNotAdjoin.selector, 1_500, 1_000));
        post(1, roots(1_500, 1_600));
        Roots memory empty = roots(0, 1);
        empty.stateRoot = 0;
        vm.expectRevert(ICheckpoints.ZeroRoot.selector);
        post(1, empty);
        vm.expectRevert();
        vm.prank(watcher);
        checkpoints.post(1, makerId, roots(0, 10));
        post(1, roots(0, 10));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.WrongCheckpointState.selector, 1, CheckpointState.POSTED));
        post(1, roots(0, 10));
    }

    function test_Five_of_seven_signatures_are_accepted() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        vm.assertEq(panel.length, 7);
        vm.assertEq(checkpoints.checkpointOf(1).quorum, 5);
        uint256 signer = stakeAt(panel[0]);
        vm.expectEmit(wiring.checkpoints);
        emit ICheckpoints.CheckpointSigned(1, panel[0]);
        sign(1, panel[0]);
        vm.assertEq(stakeAt(panel[0]), signer - 10 * CREDITS);
        vm.assertTrue(checkpoints.hasSigned(1, panel[0]));
        vm.assertFalse(checkpoints.hasSigned(1, panel[1]));
        vm.assertFalse(checkpoints.hasSigned(1, makerId));
        for (uint256 i = 1; i < 5; ++i) {
            sign(1, panel[i]);
        }
        settle(1);
        vm.assertTrue(checkpoints.checkpointOf(1).state == CheckpointState.ACCEPTED);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 1);
        vm.assertEq(stakeAt(makerId), staked);
        vm.assertEq(stakeAt(panel[0]), signer);
        vm.assertEq(registry.locksOf(panel[0]), 1, "the pool's lock alone");
        // The next epoch adjoins.
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BlocksDoNotAdjoin.selector, 1_999, 2_000));
        post(2, roots(1_999, 2_001));
        vm.roll(block.number + 10);
        post(2, roots(2_000, 2_050));
    }

    function test_Four_signatures_are_not_accepted_and_the_bond_comes_back() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, 4);
        settle(1);
        vm.assertTrue(checkpoints.checkpointOf(1).state == CheckpointState.REJECTED);
        vm.assertEq(stakeAt(makerId), staked);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 0);
        post(1, roots(0, 1_999));
        vm.assertEq(uint256(checkpoints.checkpointOf(1).posting), 2);
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
        uint64 finalAt = checkpoints.checkpointOf(1).finalAt;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, finalAt, block.timestamp));
        checkpoints.settleCheckpoint(1);
        vm.warp(finalAt);
        owner = registry.ownerOf(panel[1]);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, finalAt, finalAt));
        vm.prank(owner);
        checkpoints.sign(1, panel[1]);
    }

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

    function test_A_checkpoint_without_panel_ends_and_nobody_waits() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        uint64 seedBlock = checkpoints.checkpointOf(1).seedBlock;
        settle(1);
        vm.assertEq(pool.waitingFor(seedBlock), 0);
        vm.assertEq(stakeAt(makerId), staked);
        vm.assertEq(registry.locksOf(makerId), 0);
    }

    function test_After_the_bootstrap_two_thirds_of_seven_must_sign() public {
        endBootstrap();
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        vm.assertEq(panel.length, 7);
        vm.assertEq(checkpoints.checkpointOf(1).quorum, 5);
    }

    /// @dev Kind 6 upheld: the poster loses B, every signer its seat, and all of it is in one Z.
    function test_A_wrong_checkpoint_costs_its_poster_and_its_signers() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        signBy(1, 5);
        uint256 had = creditOf(watcher);
        uint256 burnt = burned();
        uint256 disputeId = openByWatcher(6, 1);
        seated(disputeId);
        // J = ceil(500 / 3), held to the largest seat.
        vm.assertEq(current(disputeId).seatBond, 100 * CREDITS);
        vote(disputeId, votes(2, 2, 2));
        uint256 first = stakeAt(panel[0]);
        settleNow(disputeId);
        // Z = 500 + 5 * 10.
        vm.assertEq(creditOf(watcher), had + 275 * CREDITS);
        vm.assertEq(burned(), burnt + 55 * CREDITS + 1);
        vm.assertEq(stakeAt(makerId), staked - 500 * CREDITS);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 0);
        vm.assertTrue(checkpoints.checkpointOf(1).state == CheckpointState.REJECTED);
        vm.assertEq(registry.locksOf(makerId), 0);
        for (uint256 i; i < 5; ++i) {
            vm.assertEq(registry.locksOf(panel[i]), 1);
        }
        vm.assertGe(stakeAt(panel[0]), first);
    }

    function test_Fuzz_a_wrong_checkpoint_sums_to_zero(uint256 bond, uint256 seat, uint256 signers) public {
        bond = bound(bond, 100 * CREDITS, 9_000 * CREDITS);
        seat = bound(seat, 1 * CREDITS, 100 * CREDITS);
        signers = bound(signers, 0, 7);
        setParam("checkpointBond", bond);
        setParam("minSeat", seat);
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, signers);
        uint256 disputeId = openByWatcher(6, 1);
        uint256 b = (bond / 2 * 20 + 9) / 10;
        uint256 had = creditOf(watcher);
        uint256 burnt = burned();
        vm.prank(maker);
        court.concede(disputeId);
        uint256 pot = b + signers * seat;
        vm.assertEq(creditOf(watcher), had + b + pot / 2);
        vm.assertEq(burned(), burnt + pot - pot / 2);
        vm.assertEq(balance(Accounts.dispute(disputeId)), 0);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 0);
    }

    function test_A_rejected_challenge_leaves_time_to_sign() public {
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, 3);
        vm.warp(checkpoints.checkpointOf(1).finalAt - 1);
        uint256 disputeId = openByWatcher(6, 1);
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        settleNow(disputeId);
        EpochCheckpoint memory found = checkpoints.checkpointOf(1);
        vm.assertEq(found.finalAt, block.timestamp + 1 days);
        vm.assertEq(balance(checkpoints.pledgeOf(1)), 500 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.AlreadyRuled.selector, 1));
        openByWatcher(6, 1);
        uint256[] memory panel = checkpoints.panelOf(1);
        sign(1, panel[3]);
        sign(1, panel[4]);
        settle(1);
        vm.assertEq(uint256(checkpoints.lastEpoch()), 1);
    }

    function test_A_withdrawn_challenge_leaves_room_for_another() public {
        post(1, roots(0, 1_999));
        uint256 disputeId = openByWatcher(6, 1);
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertFalse(checkpoints.checkpointOf(1).ruled);
        openByWatcher(6, 1);
    }

    function test_A_split_accepts_nothing_and_gives_the_rest_back() public {
        uint256 staked = stakeAt(makerId);
        post(1, roots(0, 1_999));
        drawn(1);
        signBy(1, 5);
        uint256 disputeId = openByWatcher(6, 1);
        seated(disputeId);
        vote(disputeId, votes(3, 3, 3));
        uint256 had = creditOf(maker);
        settleNow(disputeId);
        vm.assertEq(creditOf(maker), had + 400 * CREDITS);
        vm.assertEq(stakeAt(makerId), staked - 500 * CREDITS);
        vm.assertTrue(checkpoints.checkpointOf(1).state == CheckpointState.REJECTED);
    }

    function test_Challenges_that_are_refused() public {
        post(1, roots(0, 1_999));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.ChallengerMissing.selector, 1));
        openByClient(6, 1);
        vm.expectRevert();
        openByWatcher(6, uint256(1) << 64 | 1);
        vm.warp(checkpoints.checkpointOf(1).finalAt);
        vm.expectRevert();
        openByWatcher(6, 1);
        vm.startPrank(wiring.disputes);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.WrongKind.selector, 7));
        checkpoints.challenge(1, 7, 1, watcherId, watcher);
        vm.stopPrank();
        bytes memory stranger = abi.encodeWithSelector(Module.OnlyModule.selector, address(this));
        vm.expectRevert(stranger);
        checkpoints.challenge(1, 6, 1, watcherId, watcher);
        vm.expectRevert(stranger);
        checkpoints.rule(1, 6, 1, 1, 1, 0);
        vm.expectRevert(stranger);
        checkpoints.forfeitSigners(1, 1);
    }
}
