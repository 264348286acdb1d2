// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract ResolveRoundTest is DisputesCase {
    function test_A_round_in_which_all_have_revealed_is_resolved_at_once() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        commitAll(disputeId, votes(1, 1, 2));
        revealAll(disputeId, votes(1, 1, 2));
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundResolved(disputeId, 1, 1, Court.REJECT, Court.MAJORITY, uint64(block.timestamp + 8 hours));
        court.resolveRound(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.APPEAL);
    }

    function test_Two_of_three_rule_while_one_is_absent() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(0, 2, 2));
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        vm.assertEq(uint256(current(disputeId).outcome), Court.MAJORITY);
    }

    function test_Without_a_quorum_the_absent_pay_at_once_and_a_fresh_panel_is_drawn() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 present = seatOf(disputeId, 0).verifierId;
        uint256 absent = seatOf(disputeId, 1).verifierId;
        uint256 inCourt = balance(Accounts.dispute(disputeId)) + keeperFee(disputeId);
        uint256[3] memory had = [creditOf(watcher), creditOf(maker), burned()];
        commitAll(disputeId, votes(1, 0, 0));
        revealAll(disputeId, votes(1, 0, 0));
        vm.warp(current(disputeId).revealEnd);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundResolved(disputeId, 1, 1, 0, Court.NO_QUORUM, 0);
        court.resolveRound(disputeId);
        // S = 80: a quarter to each side, 32 to whoever revealed, the rest burns but for the fee of the draw.
        vm.assertEq(creditOf(watcher), had[0] + 20 * CREDITS);
        vm.assertEq(creditOf(maker), had[1] + 20 * CREDITS);
        vm.assertEq(burned(), had[2] + 8 * CREDITS - keeperFee(disputeId));
        vm.assertEq(stakeAt(present), STAKED + 32 * CREDITS);
        vm.assertEq(stakeAt(absent), STAKED - 40 * CREDITS);
        vm.assertEq(balance(Accounts.dispute(disputeId)), inCourt);
        for (uint16 i; i < 3; ++i) {
            vm.assertEq(balance(Accounts.seat(disputeId, 1, 1, i)), 0);
        }
        vm.assertEq(court.openSeatsOf(present) + court.openSeatsOf(absent), 0);
        // To be absent is the end of a membership, if anybody wants it.
        vm.assertEq(uint256(pool.memberOf(absent).lastActive), 0);
        pool.evict(absent);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, present));
        pool.evict(present);
        // Nothing is ruled: the next attempt waits for its seed.
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.DRAW);
        vm.assertEq(uint256(court.disputeOf(disputeId).attempt), 2);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), 0);
        vm.assertEq(uint256(current(disputeId).panelSize), 3);
    }

    function test_A_panel_that_is_not_filled_until_drawBy_gives_way_to_a_smaller_one() public {
        uint256 disputeId = appealedOnce();
        vm.assertEq(uint256(current(disputeId).panelSize), 7);
        uint64 drawBy = current(disputeId).drawBy;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, drawBy, block.timestamp));
        court.resolveRound(disputeId);
        letTheDrawPass(disputeId);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundResolved(disputeId, 2, 1, 0, Court.NO_PANEL, 0);
        court.resolveRound(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).attempt), 2);
        vm.assertEq(uint256(current(disputeId).panelSize), 3);
        vm.assertEq(uint256(current(disputeId).quorum), 2);
        vm.assertEq(uint256(current(disputeId).previous), 1);
        letTheDrawPass(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeHeld.selector, disputeId));
        court.resolveRound(disputeId);
    }

    /// @dev Between the seed block and the end of its window the panel can be foreseen: the clock does not avoid it.
    function test_A_known_seed_is_not_given_up_for_a_smaller_panel() public {
        uint256 disputeId = appealedOnce();
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.warp(current(disputeId).drawBy);
        vm.roll(seedBlock);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, seedBlock + 64, type(uint256).max, seedBlock)
        );
        court.resolveRound(disputeId);
        vm.roll(seedBlock + 1);
        court.draw(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 7);
    }

    /// @dev The number of an attempt has eight bits; the last one is used again.
    function test_The_last_attempt_is_held_under_its_number() public {
        for (uint256 i; i < VERIFIERS; ++i) {
            bondAgent(verifiers[i], 100 * STAKED);
        }
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        for (uint256 i; i < 256; ++i) {
            drawNow(disputeId);
            vm.warp(current(disputeId).revealEnd);
            court.resolveRound(disputeId);
            if (i >= 253) vm.assertEq(uint256(court.disputeOf(disputeId).attempt), 255);
        }
        vm.assertEq(seatsNow(disputeId).length, 0);
        vm.assertEq(uint256(current(disputeId).outcome), 0);
        drawNow(disputeId);
        vote(disputeId, votes(1, 1, 1));
        settleNow(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
        vm.assertEq(balance(Accounts.dispute(disputeId)), 0);
    }

    function appealedOnce() internal returns (uint256 disputeId) {
        disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        appealBy(disputeId, Court.CHALLENGER);
    }
}
