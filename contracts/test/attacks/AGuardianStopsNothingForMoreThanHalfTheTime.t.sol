// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { BreakerCase } from "../breaker/BreakerCase.sol";
import { vm } from "../Vm.sol";

/// @notice Row 45: trips of one contract and of everything in turn held that contract at level 2 for 66 % of the time.
contract AGuardianStopsNothingForMoreThanHalfTheTimeTest is BreakerCase {
    uint256 private constant SEASON = 400 days;

    /// @dev Hour by hour a guardian trips whatever it can by a plan; returns how many hours the contract stood still.
    function heldHours(uint256 plan, uint8 atLeast) private returns (uint256 held) {
        for (uint256 hour; hour < SEASON / 1 hours; ++hour) {
            plan = uint256(keccak256(abi.encode(plan)));
            bool everything = plan % 2 == 0;
            uint8 found = atLeast == 2 ? 2 : uint8(1 + (plan >> 8) % 2);
            uint64 length = uint64(1 hours * (1 + (plan >> 16) % 72));
            if ((plan >> 32) % 4 != 0) length = 72 hours;
            bytes memory first =
                abi.encodeCall(IBreaker.trip, (everything ? bytes32(0) : bytes32("guilds"), found, length, "why"));
            attempt(guardian, wiring.breaker, first);
            // Others of its making, only to owe rest elsewhere.
            bytes memory other = abi.encodeCall(IBreaker.trip, (bytes32((plan >> 64) % 3), found, length, "why"));
            if ((plan >> 72) % 8 == 0) attempt(guardian, wiring.breaker, other);
            if (level("guilds") >= atLeast) ++held;
            skip(1 hours);
        }
    }

    /// @dev The attack as it was told: the contract first, everything as soon as it ends, and again.
    function test_A_guardian_stops_nothing_for_more_than_half_the_time() public {
        uint256 held;
        for (uint256 hour; hour < SEASON / 1 hours; ++hour) {
            bytes memory one = abi.encodeCall(IBreaker.trip, ("guilds", 2, 72 hours, "why"));
            bytes memory all = abi.encodeCall(IBreaker.trip, (bytes32(0), 2, 72 hours, "why"));
            if (level("guilds") == 0 && !attempt(guardian, wiring.breaker, one)) {
                attempt(guardian, wiring.breaker, all);
            }
            if (level("guilds") == 2) ++held;
            skip(1 hours);
        }
        vm.assertLe(held * 1 hours * 2, SEASON + 144 hours);
    }

    /// @dev The trip that runs when the count ends has its rest still to come: two trips of 72 hours at most.
    function test_Whatever_it_trips_level_two_holds_for_half_of_the_time_at_most() public {
        for (uint256 plan; plan < 4; ++plan) {
            vm.assertLe(heldHours(plan, 2) * 1 hours * 2, SEASON + 2 * 144 hours);
        }
    }

    function test_Whatever_it_trips_openings_too_are_blocked_for_half_of_the_time_at_most() public {
        for (uint256 plan; plan < 4; ++plan) {
            vm.assertLe(heldHours(plan, 1) * 1 hours * 2, SEASON + 2 * 216 hours);
        }
    }

    /// @dev The rest of a contract's trip must not take the means of an emergency away.
    function test_Everything_can_be_tripped_while_a_contract_rests_and_rests_the_longer() public {
        tripScope("guilds", 2, 72 hours);
        skip(72 hours);
        tripScope(0, 2, 72 hours);
        vm.assertEq(level("channels"), 2);
        // 144 hours of trips, 12 of grace, 144 of rest.
        uint64 rested = GENESIS_TIME + 300 hours;
        vm.warp(rested - 1);
        expectStillTripped(0, rested);
        tripScope(0, 2, 1);
        expectStillTripped("guilds", rested);
        tripScope("guilds", 2, 1);
        vm.warp(rested);
        tripScope("guilds", 2, 1);
    }
}
