// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract TouchTest is PoolCase {
    function test_A_vote_makes_active() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 voter = seatOf(disputeId, 0).verifierId;
        commitSeat(disputeId, 0, 1);
        vm.warp(current(disputeId).commitEnd);
        revealSeat(disputeId, 0, 1);
        vm.assertEq(uint256(pool.memberOf(voter).lastActive), block.timestamp);
        uint256 weight = pool.weightOf(voter);
        // In a freeze the activity counts and the leaf waits.
        commitLate();
        vm.assertEq(pool.weightOf(voter), weight);
    }

    /// @dev Its last credits are in the seat that it votes from: counted free alone, it would weigh nothing from here on.
    function test_Stake_in_a_seat_weighs_as_before() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 voter = seatOf(disputeId, 0).verifierId;
        uint256 free = stakeAt(voter);
        vm.prank(registry.ownerOf(voter));
        stake.unbond(voter, free);
        vm.assertEq(stakeAt(voter), 0);
        commitSeat(disputeId, 0, 1);
        vm.warp(current(disputeId).commitEnd);
        revealSeat(disputeId, 0, 1);
        vm.assertEq(stake.bondedOf(voter), current(disputeId).seatBond);
        vm.assertEq(pool.weightOf(voter), pool.weightNow(voter));
        vm.assertGt(pool.weightOf(voter), 0);
    }

    function test_Only_modules_touch() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        pool.touch(1);
    }
}
