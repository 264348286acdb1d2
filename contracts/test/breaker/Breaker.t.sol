// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract BreakerTest is Commons {
    function tripScope(bytes32 scope, uint8 level, uint64 duration) private {
        vm.prank(guardian);
        breaker.trip(scope, level, duration, "why");
    }

    function level(bytes32 scope) private view returns (uint256) {
        (uint8 found,) = breaker.levelOf(scope);
        return found;
    }

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

    function test_The_trip_of_everything_counts_everywhere() public {
        tripScope("guilds", 1, 2 hours);
        tripScope(0, 2, 1 hours);
        vm.assertEq(level("guilds"), 2);
        vm.assertEq(level("channels"), 2);
        vm.assertEq(level(0), 2);
        skip(1 hours);
        vm.assertEq(level("guilds"), 1);
        vm.assertEq(level("channels"), 0);
    }

    function test_Of_two_equal_levels_the_longer_counts() public {
        tripScope("guilds", 2, 1 hours);
        tripScope(0, 2, 2 hours);
        (, uint64 until) = breaker.levelOf("guilds");
        vm.assertEq(uint256(until), GENESIS_TIME + 2 hours);
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

    function expectStillTripped(bytes32 scope, uint64 restedFrom) private {
        vm.expectRevert(abi.encodeWithSelector(IBreaker.StillTripped.selector, scope, restedFrom));
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

    function test_A_reset_shortens_the_rest_too() public {
        tripScope(0, 2, 72 hours);
        skip(1 hours);
        vm.prank(wiring.council);
        breaker.reset(0);
        vm.warp(GENESIS_TIME + 8 hours - 1);
        expectStillTripped(0, GENESIS_TIME + 8 hours);
        tripScope(0, 2, 1);
        vm.warp(GENESIS_TIME + 8 hours);
        tripScope(0, 2, 1);
    }

    /// @dev The breaker once kept its last trip alone: a second one shifted the deadlines of the first back.
    function test_A_second_trip_leaves_the_first_one_s_shifts_where_they_are() public {
        uint64[4] memory starts;
        for (uint256 i; i < 4; ++i) {
            starts[i] = uint64(block.timestamp);
            tripScope("guilds", i == 2 ? 1 : 2, 10 hours);
            skip(26 hours);
        }
        for (uint256 i; i < 4; ++i) {
            uint64 graceEnd = starts[i] + 16 hours;
            uint64 moved = i == 2 ? starts[i] : graceEnd;
            vm.assertEq(uint256(breaker.shifted("guilds", starts[i])), moved);
            moved = i == 2 ? graceEnd - 1 : graceEnd;
            vm.assertEq(uint256(breaker.shifted("guilds", graceEnd - 1)), moved);
            vm.assertEq(uint256(breaker.shifted("guilds", graceEnd)), graceEnd);
            vm.assertEq(uint256(breaker.shifted("guilds", starts[i] - 1)), starts[i] - 1);
        }
        vm.assertEq(uint256(breaker.shifted("channels", starts[0])), starts[0]);
        (, uint64 from,,) = breaker.tripOf("guilds");
        vm.assertEq(uint256(from), starts[3]);
    }

    /// @dev The moved deadline is a deadline like any other: a trip of everything moves it on.
    function test_A_deadline_that_a_scope_moved_into_a_trip_of_everything_moves_on() public {
        tripScope("guilds", 2, 10 hours);
        skip(9 hours);
        tripScope(0, 2, 20 hours);
        uint64 end = GENESIS_TIME + (9 + 20 + 6) * 1 hours;
        vm.assertEq(uint256(breaker.shifted("guilds", GENESIS_TIME)), end);
        vm.assertEq(uint256(breaker.shifted("channels", GENESIS_TIME)), GENESIS_TIME);
        vm.assertEq(uint256(breaker.shifted("channels", GENESIS_TIME + 9 hours)), end);
    }

    function test_The_council_resets() public {
        tripScope(0, 2, 72 hours);
        skip(1 hours);
        vm.expectEmit(wiring.breaker);
        emit IBreaker.BreakerReset(0, wiring.council, GENESIS_TIME + 7 hours);
        vm.prank(wiring.council);
        breaker.reset(0);
        vm.assertEq(level(0), 0);
        (,,, uint64 graceEnd) = breaker.tripOf(0);
        vm.assertEq(uint256(graceEnd), GENESIS_TIME + 7 hours);
    }

    function test_Only_the_council_resets_only_what_is_tripped() public {
        vm.expectRevert(abi.encodeWithSelector(IBreaker.OnlyCouncil.selector, guardian));
        vm.prank(guardian);
        breaker.reset(0);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.NotTripped.selector, bytes32(0)));
        vm.prank(wiring.council);
        breaker.reset(0);
    }

    function test_The_timelock_names_and_dismisses_guardians() public {
        vm.assertTrue(breaker.isGuardian(guardian));
        vm.startPrank(wiring.timelock);
        vm.expectEmit(wiring.breaker);
        emit IBreaker.GuardianSet(address(9), true);
        breaker.setGuardian(address(9), true);
        breaker.setGuardian(guardian, false);
        vm.stopPrank();
        vm.assertTrue(breaker.isGuardian(address(9)));
        vm.assertFalse(breaker.isGuardian(guardian));
        vm.expectRevert(abi.encodeWithSelector(IBreaker.OnlyTimelock.selector, wiring.council));
        vm.prank(wiring.council);
        breaker.setGuardian(guardian, true);
    }

    function test_A_deadline_inside_a_level_two_trip_moves_to_its_grace_end() public {
        tripScope("guilds", 2, 1 hours);
        uint64 graceEnd = GENESIS_TIME + 7 hours;
        vm.assertEq(uint256(breaker.shifted("guilds", GENESIS_TIME - 1)), GENESIS_TIME - 1);
        vm.assertEq(uint256(breaker.shifted("guilds", GENESIS_TIME)), graceEnd);
        vm.assertEq(uint256(breaker.shifted("guilds", graceEnd - 1)), graceEnd);
        vm.assertEq(uint256(breaker.shifted("guilds", graceEnd)), graceEnd);
        vm.assertEq(uint256(breaker.shifted("channels", GENESIS_TIME)), GENESIS_TIME);
        vm.assertEq(uint256(breaker.shifted(0, GENESIS_TIME)), GENESIS_TIME);
    }

    function test_Level_one_moves_no_deadline() public {
        tripScope("guilds", 1, 1 hours);
        vm.assertEq(uint256(breaker.shifted("guilds", GENESIS_TIME)), GENESIS_TIME);
    }

    /// @dev Guardians at their worst: they trip whatever they can as soon as they can. A deadline that was asked at any
    ///      moment is never answered earlier later on, and what has passed as moved stays passed.
    function test_Fuzz_a_shift_is_never_taken_back(uint256 seed) public {
        uint64[16] memory asked;
        uint64[16] memory answered;
        for (uint256 i; i < 16; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes memory data = abi.encodeCall(
                IBreaker.trip,
                (seed % 3 == 0 ? bytes32(0) : bytes32("guilds"), 2, uint64(1 + (seed >> 8) % 72 hours), "why")
            );
            attempt(guardian, wiring.breaker, data);
            asked[i] = uint64(block.timestamp + (seed >> 96) % 4 days);
            answered[i] = asked[i];
            for (uint256 k; k <= i; ++k) {
                uint64 now_ = breaker.shifted("guilds", asked[k]);
                vm.assertGe(uint256(now_), answered[k]);
                if (answered[k] < block.timestamp) vm.assertEq(uint256(now_), answered[k]);
                vm.assertLe(uint256(now_), asked[k] + 2 * 78 hours);
                answered[k] = now_;
            }
            skip((seed >> 128) % 3 days);
        }
    }
}
