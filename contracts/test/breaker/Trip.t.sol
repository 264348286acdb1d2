// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { vm } from "../Vm.sol";
import { BreakerCase } from "./BreakerCase.sol";

contract TripTest is BreakerCase {
    function test_A_guardian_trips_a_scope() public {
        vm.expectEmit(wiring.breaker);
        emit IBreaker.BreakerTripped("guilds", guardian, 2, GENESIS_TIME + 1 hours, "why");
        tripScope("guilds", 2, 1 hours);
        vm.assertEq(level("guilds"), 2);
        vm.assertEq(level("channels"), 0);
        (uint8 found, uint64 from, uint64 until, uint64 graceEnd) = breaker.tripOf("guilds");
        vm.assertEq(uint256(found), 2);
        vm.assertEq(uint256(from), GENESIS_TIME);
        vm.assertEq(uint256(until), GENESIS_TIME + 1 hours);
        vm.assertEq(uint256(graceEnd), GENESIS_TIME + 7 hours);
        skip(1 hours);
        vm.assertEq(level("guilds"), 0);
    }

    function test_Only_guardians_trip() public {
        vm.expectRevert(abi.encodeWithSelector(IBreaker.OnlyGuardian.selector, address(this)));
        breaker.trip(0, 1, 1, 0);
    }

    function test_Levels_and_durations_have_bounds() public {
        vm.startPrank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.UnknownLevel.selector, 0));
        breaker.trip(0, 0, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.UnknownLevel.selector, 3));
        breaker.trip(0, 3, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.TooLong.selector, 72 hours + 1, 72 hours));
        breaker.trip(0, 1, 72 hours + 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.TooLong.selector, 0, 72 hours));
        breaker.trip(0, 1, 0, 0);
    }

    function test_A_scope_works_for_as_long_as_it_stood_still_before_it_is_tripped_again() public {
        tripScope(0, 2, 72 hours);
        uint64 rested = GENESIS_TIME + (72 + 6 + 72) * 1 hours;
        vm.warp(rested - 1);
        expectStillTripped(0, rested);
        tripScope(0, 2, 1);
        vm.warp(rested);
        tripScope(0, 2, 1);
        // A short trip blocks the next one for little more than its grace.
        vm.warp(rested + 6 hours + 1);
        expectStillTripped(0, rested + 6 hours + 2);
        tripScope(0, 1, 72 hours);
        vm.warp(rested + 6 hours + 2);
        tripScope(0, 1, 72 hours);
    }

    function test_A_level_two_trip_of_everything_is_one_of_every_scope() public {
        tripScope(0, 2, 2 hours);
        expectStillTripped("guilds", GENESIS_TIME + 10 hours);
        tripScope("guilds", 1, 1 hours);
        vm.warp(GENESIS_TIME + 10 hours);
        tripScope("guilds", 1, 1 hours);
        // Escalation: a scope's trip does not stand before one of everything, nor level 1 of everything before a scope's.
        tripScope(0, 1, 1 hours);
        tripScope("channels", 2, 1 hours);
        vm.assertEq(level("channels"), 2);
    }
}
