// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IParameters } from "../../src/interfaces/IParameters.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract SetParamTest is Commons {
    function refuseOrder(bytes32 key, uint256 value, bytes32 lower, bytes32 higher) private {
        uint256 lowerValue = key == lower ? value : parameters.get(lower);
        uint256 higherValue = key == higher ? value : parameters.get(higher);
        vm.expectRevert(abi.encodeWithSelector(IParameters.OutOfOrder.selector, lower, lowerValue, higher, higherValue));
        vm.prank(wiring.timelock);
        parameters.setParam(key, value);
    }

    function test_Below_half_and_above_twice_its_value_or_outside_its_bounds_every_parameter_is_refused() public {
        vm.startPrank(wiring.timelock);
        for (uint256 i; i < Keys.COUNT; ++i) {
            (bytes32 key, uint256 initial, uint256 lowest, uint256 highest) = Keys.row(i);
            if (2 * initial < highest) highest = 2 * initial;
            if (initial / 2 > lowest) lowest = initial / 2;
            (uint256 low, uint256 high, uint64 from) = parameters.stepOf(key);
            vm.assertEq(low, lowest);
            vm.assertEq(high, highest);
            vm.assertEq(uint256(from), 0);
            if (lowest != 0) {
                vm.expectRevert(
                    abi.encodeWithSelector(IParameters.OutOfBounds.selector, key, lowest - 1, lowest, highest)
                );
                parameters.setParam(key, lowest - 1);
            }
            vm.expectRevert(abi.encodeWithSelector(IParameters.OutOfBounds.selector, key, highest + 1, lowest, highest));
            parameters.setParam(key, highest + 1);
        }
    }

    function test_Setting_says_so_and_the_value_is_there() public {
        vm.expectEmit(wiring.parameters);
        emit IParameters.ParamSet(Keys.PROTOCOL_FEE, bytes32(uint256(77)));
        setParam(Keys.PROTOCOL_FEE, 77);
        vm.assertEq(parameters.get(Keys.PROTOCOL_FEE), 77);
    }

    function test_What_was_set_rests_for_thirty_days() public {
        setParam(Keys.PROTOCOL_FEE, 77);
        uint64 rested = uint64(block.timestamp + 30 days);
        skip(30 days - 1);
        vm.startPrank(wiring.timelock);
        vm.expectRevert(
            abi.encodeWithSelector(IParameters.ParameterRests.selector, Keys.PROTOCOL_FEE, rested, rested - 1)
        );
        parameters.setParam(Keys.PROTOCOL_FEE, 78);
        // Every parameter rests by itself.
        parameters.setParam(Keys.MAX_AWARDS, 99);
        skip(1);
        parameters.setParam(Keys.PROTOCOL_FEE, 154);
        vm.assertEq(parameters.get(Keys.PROTOCOL_FEE), 154);
    }

    function test_What_was_set_to_nothing_comes_back_by_its_first_value() public {
        setParam(Keys.PROTOCOL_FEE, 0);
        skip(10 * 365 days);
        (uint256 lowest, uint256 highest,) = parameters.stepOf(Keys.PROTOCOL_FEE);
        vm.assertEq(lowest, 0);
        vm.assertEq(highest, 100);
        vm.prank(wiring.timelock);
        parameters.setParam(Keys.PROTOCOL_FEE, 100);
    }

    function test_Nobody_but_the_timelock_sets() public {
        vm.expectRevert(abi.encodeWithSelector(IParameters.OnlyTimelock.selector, wiring.governor));
        vm.prank(wiring.governor);
        parameters.setParam(Keys.PROTOCOL_FEE, 77);
        vm.expectRevert(abi.encodeWithSelector(IParameters.OnlyTimelock.selector, wiring.council));
        vm.prank(wiring.council);
        parameters.setParams(new bytes32[](0), new uint256[](0));
    }

    function test_The_better_behaviour_stays_cheaper() public {
        setParam(Keys.YIELD_RATE, 1_500);
        refuseOrder(Keys.NO_START_RATE, 1_499, Keys.YIELD_RATE, Keys.NO_START_RATE);
        setParam(Keys.NO_START_RATE, 4_000);
        refuseOrder(Keys.LAPSE_RATE, 3_999, Keys.NO_START_RATE, Keys.LAPSE_RATE);
        refuseOrder(Keys.LAPSE_RATE, 8_001, Keys.LAPSE_RATE, Keys.MISSED_RATE);
        refuseOrder(Keys.MISSED_RATE, 4_999, Keys.LAPSE_RATE, Keys.MISSED_RATE);
    }

    function test_Voting_is_never_worse_than_silence_and_seats_are_affordable() public {
        refuseOrder(Keys.ABSENT_SLASH, 9_999, Keys.INCOHERENT_DETERMINISTIC, Keys.ABSENT_SLASH);
        setParam(Keys.INCOHERENT_DETERMINISTIC, 5_000);
        setParam(Keys.ABSENT_SLASH, 6_000);
        skip(30 days);
        refuseOrder(Keys.INCOHERENT_JUDGED, 6_001, Keys.INCOHERENT_JUDGED, Keys.ABSENT_SLASH);
        setParam(Keys.MIN_SEAT, 80e18);
        refuseOrder(Keys.MAX_SEAT, 79e18, Keys.MIN_SEAT, Keys.MAX_SEAT);
        refuseOrder(Keys.MAX_SEAT, 101e18, Keys.MAX_SEAT, Keys.MIN_STAKE_VERIFIER);
        refuseOrder(Keys.MIN_STAKE_VERIFIER, 99e18, Keys.MAX_SEAT, Keys.MIN_STAKE_VERIFIER);
    }

    function test_Stake_outlives_the_longest_dispute() public {
        vm.assertEq(parameters.longestDispute(), 212 hours);
        uint256 longest = 2 days + 212 hours;
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.OutOfOrder.selector,
                bytes32("longestDispute"),
                longest + 24 hours * 6,
                Keys.UNBONDING,
                14 days
            )
        );
        vm.prank(wiring.timelock);
        parameters.setParam(Keys.DRAW_BY, 48 hours);
    }

    function test_Fuzz_whatever_is_accepted_keeps_the_orders(uint8 index, uint256 value) public {
        (bytes32 key,, uint256 lowest, uint256 highest) = Keys.row(index % Keys.COUNT);
        vm.prank(wiring.timelock);
        try parameters.setParam(key, bound(value, lowest, highest)) { } catch { }
        vm.assertLe(parameters.get(Keys.YIELD_RATE), parameters.get(Keys.NO_START_RATE));
        vm.assertLe(parameters.get(Keys.NO_START_RATE), parameters.get(Keys.LAPSE_RATE));
        vm.assertLe(parameters.get(Keys.LAPSE_RATE), parameters.get(Keys.MISSED_RATE));
        vm.assertLe(parameters.get(Keys.MIN_SEAT), parameters.get(Keys.MAX_SEAT));
        vm.assertLe(parameters.get(Keys.MAX_SEAT), parameters.get(Keys.MIN_STAKE_VERIFIER));
        vm.assertLe(2 days + parameters.longestDispute(), parameters.get(Keys.UNBONDING));
        uint256 weights = parameters.get(Keys.W_PRICE) + parameters.get(Keys.W_REP) + parameters.get(Keys.W_REC);
        vm.assertEq(weights, 10_000);
    }
}
