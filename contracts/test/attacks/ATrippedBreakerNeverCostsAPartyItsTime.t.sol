// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 37: tripping the breaker to starve deadlines.
contract ATrippedBreakerNeverCostsAPartyItsTimeTest is Courtroom {
    function trip(uint8 level) internal {
        vm.prank(guardian);
        IBreaker(wiring.breaker).trip(0, level, 72 hours, "test");
    }

    function test_A_tripped_breaker_never_costs_a_party_its_time() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        commitSeat(disputeId, 0, Court.REJECT);
        skip(1 hours);
        trip(2);
        uint256 graceEnd = block.timestamp + 78 hours;
        // Both deadlines of the vote lie in the trip. Committing goes on to its grace end ...
        vm.warp(graceEnd - 1);
        commitSeat(disputeId, 1, Court.REJECT);
        commitSeat(disputeId, 2, Court.REJECT);
        vm.expectRevert();
        this.reveal(disputeId, 0);
        // ... and revealing has its whole window after it.
        vm.warp(graceEnd + 4 hours - 1);
        revealSeat(disputeId, 0, Court.REJECT);
        revealSeat(disputeId, 1, Court.REJECT);
        vm.expectRevert();
        court.resolveRound(disputeId);
        revealSeat(disputeId, 2, Court.REJECT);
        court.resolveRound(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
    }

    function reveal(uint256 disputeId, uint256 index) external {
        revealSeat(disputeId, index, Court.REJECT);
    }

    function test_A_tripped_breaker_shuts_nobody_out_of_a_challenge() public {
        uint256 taskId = submitted();
        trip(1);
        openByWatcher(1, taskId);
    }

    function test_An_appeal_waits_for_the_grace_end() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, unanimous(disputeId, Court.UPHOLD));
        skip(1 hours);
        trip(2);
        uint256 graceEnd = block.timestamp + 78 hours;
        vm.warp(graceEnd - 1);
        vm.expectRevert();
        court.settle(disputeId);
        appealBy(disputeId, Court.RESPONDENT);
        vm.assertEq(uint256(court.disputeOf(disputeId).round), 2);
    }
}
