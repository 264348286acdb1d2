// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { BreakerCase } from "./BreakerCase.sol";

contract LevelOfTest is BreakerCase {
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
}
