// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title A tripped scope that the council may reset.
abstract contract CouncilCase is Commons {
    bytes internal reset = abi.encodeCall(IBreaker.reset, ("channels"));
    bytes32 internal id;

    function setUp() public virtual override {
        super.setUp();
        id = councilSeats.callIdOf(wiring.breaker, reset, "1");
        vm.prank(guardian);
        breaker.trip("channels", 2, 72 hours, "why");
    }

    function approve(uint256 seat) internal {
        vm.prank(council()[seat]);
        councilSeats.approve(wiring.breaker, reset, "1");
    }

    function execute() internal {
        councilSeats.execute(wiring.breaker, reset, "1");
    }
}
