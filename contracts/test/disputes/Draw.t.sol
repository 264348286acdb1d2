// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract DrawPanelTest is DisputesCase {
    function test_A_draw_locks_a_seat_of_every_panelist() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        for (uint256 i; i < 3; ++i) {
            uint256 verifierId = seatOf(disputeId, i).verifierId;
            vm.assertEq(stakeAt(verifierId), STAKED - 40 * CREDITS);
            vm.assertEq(court.openSeatsOf(verifierId), 1);
        }
        vm.assertEq(current(disputeId).revealEnd, block.timestamp + 8 hours);
        vm.assertEq(current(disputeId).seatBond, 40 * CREDITS);
    }

    /// @dev One account for the whole panel gave the votes of all of them to the first.
    function test_A_locked_seat_stays_its_verifiers_stake_and_votes() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        for (uint16 i; i < 3; ++i) {
            uint256 verifierId = seatOf(disputeId, i).verifierId;
            bytes32 seat = Accounts.seat(disputeId, 1, 1, i);
            vm.assertEq(balance(seat), 40 * CREDITS);
            vm.assertEq(vault.pledgerOf(seat), verifierId);
            vm.assertEq(stake.bondedOf(verifierId), STAKED);
            vm.assertEq(stake.getVotes(registry.ownerOf(verifierId)), STAKED);
        }
    }

    function test_A_draw_pays_its_caller_half_a_percent_of_what_the_panel_locks() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        drawNow(disputeId);
        vm.assertEq(creditOf(address(this)), 6 * CREDITS / 10);
        vm.assertEq(keeperFee(disputeId), 6 * CREDITS / 10);
    }

    function test_A_draw_that_comes_short_waits_for_a_later_seed_and_pays_nobody() public {
        uint256 disputeId = openByWatcher(1, submitted());
        for (uint256 i = 2; i < verifiers.length; ++i) {
            vm.prank(registry.ownerOf(verifiers[i]));
            pool.leave(verifiers[i]);
        }
        startRound(disputeId);
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock + 1);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundStarted(disputeId, 1, 1, 0, 3, 2, seedBlock + 128, current(disputeId).drawBy);
        court.draw(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.DRAW);
        vm.assertEq(current(disputeId).seedBlock, seedBlock + 128);
        vm.assertTrue(current(disputeId).reseeded);
        vm.assertEq(uint256(court.disputeOf(disputeId).attempt), 1);
        vm.assertEq(creditOf(address(this)), 0);
        vm.assertEq(pool.waitingFor(seedBlock), 0);
        vm.assertEq(pool.waitingFor(seedBlock + 128), 1);
    }

    /// @dev A panel that can be foreseen is drawn even though drawBy has passed.
    function test_A_known_seed_is_drawn_after_drawBy_too() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        vm.roll(current(disputeId).seedBlock + 1);
        vm.warp(current(disputeId).drawBy + 1 days);
        court.draw(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 3);
    }
}
