// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { vm } from "../Vm.sol";
import { BreakerCase } from "./BreakerCase.sol";

contract SetGuardianTest is BreakerCase {
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
}
