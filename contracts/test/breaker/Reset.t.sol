// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { vm } from "../Vm.sol";
import { BreakerCase } from "./BreakerCase.sol";

contract BreakerResetTest is BreakerCase {
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
}
