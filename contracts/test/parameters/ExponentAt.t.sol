// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Keys } from "../../src/libraries/Keys.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract ExponentAtTest is Commons {
    function test_The_decay_clock_runs_one_half_life_in_65536_steps() public view {
        vm.assertEq(parameters.exponentAt(Keys.REP_HALF_LIFE, GENESIS_TIME), 0);
        vm.assertEq(parameters.exponentAt(Keys.REP_HALF_LIFE, GENESIS_TIME - 5), 0);
        vm.assertEq(parameters.exponentAt(Keys.REP_HALF_LIFE, GENESIS_TIME + 90 days), 65_536);
        vm.assertEq(parameters.exponentAt(Keys.REC_HALF_LIFE, GENESIS_TIME + 15 days), 32_768);
    }

    function test_Fuzz_changing_a_half_life_moves_no_exponent_reached(uint32 first, uint32 second, uint256 halfLife)
        public
    {
        halfLife = bound(halfLife, 45 days, 180 days);
        skip(first);
        uint256 reached = parameters.exponentAt(Keys.REP_HALF_LIFE, uint64(block.timestamp));
        setParam(Keys.REP_HALF_LIFE, halfLife);
        vm.assertEq(parameters.exponentAt(Keys.REP_HALF_LIFE, uint64(block.timestamp)), reached);
        skip(second);
        vm.assertEq(
            parameters.exponentAt(Keys.REP_HALF_LIFE, uint64(block.timestamp)),
            reached + uint256(second) * 65_536 / halfLife
        );
    }
}
