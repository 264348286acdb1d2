// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice What a dispute of three seats costs, step by step, each step a transaction of its own: run it with `--isolate -vv`.
contract DisputeOfThreeTest is Courtroom {
    event Step(string what, uint256 gas);

    uint256 internal total;

    function step(string memory what) internal {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        total += used;
        emit Step(what, used);
    }

    /// forge-config: default.isolate = true
    function test_A_dispute_of_three_seats_costs_less_than_its_goal() public {
        uint256 disputeId = openByWatcher(1, submitted());
        step("open");
        vm.warp(court.disputeOf(disputeId).evidenceEnd);
        court.startRound(disputeId);
        step("startRound");
        vm.roll(current(disputeId).seedBlock + 1);
        court.draw(disputeId);
        step("draw");
        for (uint256 i; i < 3; ++i) {
            commitSeat(disputeId, i, Court.UPHOLD);
            step("commitVote");
        }
        vm.warp(current(disputeId).commitEnd);
        for (uint256 i; i < 3; ++i) {
            revealSeat(disputeId, i, Court.UPHOLD);
            step("revealVote");
        }
        court.resolveRound(disputeId);
        step("resolveRound");
        vm.warp(court.disputeOf(disputeId).appealEnd);
        court.settle(disputeId);
        step("settle");
        emit Step("total", total);
        vm.assertLt(total, 2_768_527, "more than before");
    }
}
