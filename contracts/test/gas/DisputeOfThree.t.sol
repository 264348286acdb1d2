// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";
import { Meter } from "./Meter.sol";

/// @notice What a dispute of three seats costs, step by step: each step is a transaction of its own, with cold storage.
contract DisputeOfThreeTest is Courtroom, Meter {
    uint256 internal constant GOAL = 2_000_000;

    /// forge-config: default.isolate = true
    function test_A_dispute_of_three_seats_costs_less_than_its_goal() public {
        uint256 disputeId = openByWatcher(1, submitted());
        measured("open");
        vm.warp(court.disputeOf(disputeId).evidenceEnd);
        court.startRound(disputeId);
        measured("startRound");
        vm.roll(current(disputeId).seedBlock + 1);
        court.draw(disputeId);
        measured("draw");
        for (uint256 i; i < 3; ++i) {
            commitSeat(disputeId, i, Court.UPHOLD);
            measured("commitVote");
        }
        vm.warp(current(disputeId).commitEnd);
        for (uint256 i; i < 3; ++i) {
            revealSeat(disputeId, i, Court.UPHOLD);
            measured("revealVote");
        }
        court.resolveRound(disputeId);
        measured("resolveRound");
        vm.warp(court.disputeOf(disputeId).appealEnd);
        court.settle(disputeId);
        measured("settle");
        assertTotal(GOAL, wiring.taskMarket);
    }
}
