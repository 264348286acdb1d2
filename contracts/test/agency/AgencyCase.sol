// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title An agent that records what it does.
abstract contract AgencyCase is Commons {
    address internal owner = address(0x0E);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function record() internal returns (uint256) {
        vm.prank(owner);
        return agency.recordAction(agentId, "kind", "data", "uri");
    }
}
