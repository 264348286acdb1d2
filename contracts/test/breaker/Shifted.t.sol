// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { vm } from "../Vm.sol";
import { BreakerCase } from "./BreakerCase.sol";

contract ShiftedTest is BreakerCase {
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
