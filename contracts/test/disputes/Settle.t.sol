// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Domains } from "../../src/libraries/Domains.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract SettleDisputeTest is DisputesCase {
    function test_Scores_after_a_ruling() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 coherent = seatOf(disputeId, 0).verifierId;
        uint256 incoherent = seatOf(disputeId, 1).verifierId;
        vote(disputeId, votes(2, 1, 2));
        settleNow(disputeId);
        vm.assertEq(reputation.scoreOf(coherent, Domains.VERIFICATION), int256(10e6));
        vm.assertEq(reputation.scoreOf(incoherent, Domains.VERIFICATION), -int256(20e6));
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), int256(10e6));
        vm.assertEq(reputation.scoreOf(makerId, Domains.STRIKE), int256(1e6));
        vm.assertEq(reputation.scoreOf(makerId, DOMAIN), -int256(30e6));
        vm.assertEq(court.openSeatsOf(coherent), 0);
        vm.assertEq(registry.locksOf(watcherId), 0);
    }

    function test_Scores_after_a_rejection_and_an_absence() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 absent = seatOf(disputeId, 2).verifierId;
        vote(disputeId, votes(1, 1, 0));
        settleNow(disputeId);
        vm.assertEq(reputation.scoreOf(absent, Domains.VERIFICATION), -int256(30e6));
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), -int256(30e6));
        vm.assertEq(reputation.strikesOf(makerId), 0);
    }

    /// @dev Kind 4 takes B once more from what else there is, and never more than that.
    function test_Fuzz_collusion_costs_B_once_more_as_far_as_there_is_stake(uint256 free, uint256 unbonding) public {
        uint256 taskId = submitted();
        uint256 staked = stakeAt(makerId);
        unbonding = bound(unbonding, 0, staked / 2);
        free = bound(free, 0, 300 * CREDITS);
        uint256 disputeId = openByWatcher(4, taskId);
        // What is neither free nor in these two unbondings was released long ago: into the credit of the owner.
        vm.startPrank(maker);
        if (staked > free + unbonding) stake.unbond(makerId, staked - free - unbonding);
        vm.warp(block.timestamp + 14 days);
        if (staked > free + unbonding) stake.release(1);
        if (unbonding != 0) stake.unbond(makerId, unbonding);
        vm.stopPrank();
        uint256 burnt = burned();
        uint256 left = stakeAt(makerId) + unbonding;
        vm.prank(maker);
        court.concede(disputeId);
        uint256 extra = left < 240 * CREDITS ? left : 240 * CREDITS;
        vm.assertEq(burned(), burnt + 120 * CREDITS + extra);
        uint256 rest = unbonding == 0 ? 0 : balance(bytes32((uint256(5) << 248) | stake.unbondingCount()));
        vm.assertEq(stakeAt(makerId) + rest, left - extra);
    }

    function test_Forty_five_seats_settle_in_one_call() public {
        // Two strikes, then three rounds of fifteen, each of them twice: an attempt without quorum is settled when it fails.
        for (uint256 i; i < 2; ++i) {
            vm.prank(wiring.disputes);
            reputation.add(makerId, Domains.STRIKE, 0, 1e6, 13);
        }
        uint256 taskId = submittedWithStrikes();
        uint256 disputeId = openByWatcher(1, taskId);
        seated(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 15);
        for (uint8 round = 1; round <= 3; ++round) {
            voteFew(disputeId);
            drawNow(disputeId);
            uint8[] memory all = unanimous(disputeId, Court.UPHOLD);
            vote(disputeId, all);
            if (round == 3) break;
            appealBy(disputeId, Court.RESPONDENT);
            drawNow(disputeId);
        }
        uint256 gas = gasleft();
        court.settle(disputeId);
        vm.assertLt(gas - gasleft(), 15_000_000, "gas");
        vm.assertTrue(market.stateOf(taskId) == TaskState.CANCELLED);
        vm.assertEq(balance(Accounts.dispute(disputeId)), 0);
    }

    function test_A_settlement_pays_its_caller() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        vm.warp(court.disputeOf(disputeId).appealEnd);
        vm.prank(address(0xBEE));
        court.settle(disputeId);
        vm.assertEq(creditOf(address(0xBEE)), 6 * CREDITS / 10);
    }
}
