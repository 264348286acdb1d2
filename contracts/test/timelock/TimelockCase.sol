// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title A spend that the governor may schedule.
abstract contract TimelockCase is Commons {
    bytes internal data = abi.encodeCall(ITreasury.spend, (address(7), 5, "x"));
    bytes32 internal id;

    function setUp() public virtual override {
        super.setUp();
        id = timelock.hashOperation(wiring.treasury, 0, data, 0, "s");
    }

    function schedule() internal {
        vm.prank(wiring.governor);
        timelock.schedule(wiring.treasury, 0, data, 0, "s", 2 days);
    }
}
