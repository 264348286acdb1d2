// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title A breaker, and a guardian that trips it.
abstract contract BreakerCase is Commons {
    function tripScope(bytes32 scope, uint8 level, uint64 duration) internal {
        vm.prank(guardian);
        breaker.trip(scope, level, duration, "why");
    }

    function level(bytes32 scope) internal view returns (uint256) {
        (uint8 found,) = breaker.levelOf(scope);
        return found;
    }

    function expectStillTripped(bytes32 scope, uint64 restedFrom) internal {
        vm.expectRevert(abi.encodeWithSelector(IBreaker.StillTripped.selector, scope, restedFrom));
    }
}
