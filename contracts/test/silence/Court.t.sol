// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EpochCheckpoints } from "../../src/court/EpochCheckpoints.sol";
import { Roots } from "../../src/interfaces/ICheckpoints.sol";
import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { DataRoom } from "../DataRoom.sol";
import { vm } from "../Vm.sol";

/// @notice Economics, section 10: whoever is silent, anyone brings the money home. The caller here is always this contract,
///         a stranger.
contract CourtSilenceTest is DataRoom {
    function test_Silent_parties_do_not_stop_the_evidence_from_ending() public {
        uint256 disputeId = openByWatcher(1, submitted());
        vm.warp(court.disputeOf(disputeId).evidenceEnd);
        court.startRound(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.DRAW);
    }

    /// @dev A dispute that nobody draws is held: nothing is ruled, nothing is paid, and whoever comes may still draw.
    function test_If_nobody_draws_the_dispute_is_held_until_somebody_does() public {
        uint256 taskId = submitted();
        uint256 had = creditOf(watcher);
        uint256 pay = creditOf(maker);
        uint256 disputeId = openByWatcher(1, taskId);
        startRound(disputeId);
        for (uint256 i; i < 20; ++i) {
            letTheDrawPass(disputeId);
            vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeHeld.selector, disputeId));
            court.resolveRound(disputeId);
            court.reseed(disputeId);
            skip(7 days);
        }
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), 0);
        vm.assertEq(creditOf(watcher), had - 120 * CREDITS);
        vm.assertEq(creditOf(maker), pay);
        drawNow(disputeId);
        vote(disputeId, votes(2, 2, 2));
        settleNow(disputeId);
        vm.assertEq(creditOf(watcher), had + 60 * CREDITS);
        vm.assertEq(creditOf(maker), pay);
    }

    function test_A_pool_that_cannot_fill_a_panel_is_waited_for() public {
        uint256 disputeId = openByWatcher(1, submitted());
        for (uint256 i = 2; i < verifiers.length; ++i) {
            vm.prank(registry.ownerOf(verifiers[i]));
            pool.leave(verifiers[i]);
        }
        startRound(disputeId);
        for (uint256 i; i < 3; ++i) {
            drawNow(disputeId);
            vm.assertEq(uint256(court.disputeOf(disputeId).attempt), 1);
            vm.assertTrue(court.disputeOf(disputeId).phase == Phase.DRAW);
        }
        vm.prank(registry.ownerOf(verifiers[2]));
        pool.join(verifiers[2]);
        drawNow(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.VOTING);
    }

    function test_Absent_verifiers_lose_their_seats() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 absent = seatOf(disputeId, 0).verifierId;
        vm.warp(current(disputeId).revealEnd);
        court.resolveRound(disputeId);
        drawNow(disputeId);
        vote(disputeId, votes(1, 1, 1));
        settleNow(disputeId);
        // Unless it was drawn again and earned 32, it has lost 40.
        vm.assertLe(stakeAt(absent), STAKED - 8 * CREDITS);
        vm.assertLe(reputation.scoreOf(absent, "verification"), -int256(20e6), "score");
    }

    function test_A_silent_seed_secret_loses_and_stops_nothing() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint256 had = creditOf(maker);
        vm.prank(watcher);
        court.commitSeed(disputeId, Court.CHALLENGER, "x");
        vm.roll(current(disputeId).seedBlock + 17);
        court.draw(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.SETTLED);
        vm.assertEq(creditOf(maker), had + 60 * CREDITS);
    }

    function test_A_silent_loser_is_settled_by_anyone() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(2, 2, 2));
        uint256 had = creditOf(watcher);
        settleNow(disputeId);
        vm.assertEq(creditOf(watcher), had + 180 * CREDITS);
    }

    function test_An_unanswered_data_request_goes_back() public {
        uint256 had = creditOf(grantee);
        uint256 leaseId = requested(100 * CREDITS, 30 days);
        skip(1 days);
        data.endLease(leaseId);
        vm.assertEq(creditOf(grantee), had);
        vm.assertEq(uint256(data.leaseOf(leaseId).cause), 4);
    }

    function test_An_expired_data_lease_pays_the_owner_and_returns_the_deposit() public {
        uint256 owner = creditOf(dataOwner);
        uint256 had = creditOf(grantee);
        uint256 leaseId = granted(100 * CREDITS, 30 days);
        skip(30 days);
        data.endLease(leaseId);
        vm.assertEq(creditOf(dataOwner), owner + 99 * CREDITS);
        skip(7 days);
        data.releaseDeposit(leaseId);
        vm.assertEq(creditOf(grantee), had - 100 * CREDITS);
        vm.assertEq(balance(Accounts.lease(leaseId)) + depositOf(leaseId), 0);
    }

    function test_An_idle_verifier_is_evicted_and_pays_whoever_does_it() public {
        vm.expectRevert();
        pool.evict(verifiers[0]);
        skip(90 days);
        pool.evict(verifiers[0]);
        vm.assertFalse(pool.isMember(verifiers[0]));
        vm.assertEq(stakeAt(verifiers[0]), STAKED - 1 * CREDITS);
        vm.assertEq(creditOf(address(this)), 1 * CREDITS);
    }

    function test_A_checkpoint_that_nobody_signs_gives_the_bond_back_but_a_twentieth() public {
        EpochCheckpoints checkpoints = EpochCheckpoints(wiring.checkpoints);
        uint256 staked = stakeAt(makerId);
        vm.prank(maker);
        checkpoints.post(1, makerId, Roots("log", "state", 0, 10, 1));
        vm.assertEq(stakeAt(makerId), staked - 505 * CREDITS);
        skip(1 days);
        checkpoints.settleCandidate(1);
        vm.assertEq(stakeAt(makerId), staked - 25 * CREDITS - 25 * CREDITS / 10);
    }
}
