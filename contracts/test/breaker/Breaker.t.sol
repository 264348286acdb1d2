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

    function test_A_trip_cannot_be_prolonged_by_another() public {
        tripScope(0, 2, 72 hours);
        vm.warp(GENESIS_TIME + 78 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.StillTripped.selector, bytes32(0), GENESIS_TIME + 78 hours));
        tripScope(0, 2, 1);
        vm.warp(GENESIS_TIME + 78 hours);
        tripScope(0, 2, 1);
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

    function test_Fuzz_a_shift_never_brings_a_deadline_forward_nor_passes_two_trips(
        uint32 deadline,
        uint64 scoped,
        uint64 everywhere
    ) public {
        tripScope(0, 2, uint64(bound(everywhere, 1, 72 hours)));
        tripScope("guilds", 2, uint64(bound(scoped, 1, 72 hours)));
        uint64 asked = GENESIS_TIME + deadline;
        uint64 moved = breaker.shifted("guilds", asked);
        vm.assertGe(uint256(moved), asked);
        vm.assertLe(uint256(moved), asked > GENESIS_TIME + 78 hours ? asked : GENESIS_TIME + 78 hours);
    }
}
