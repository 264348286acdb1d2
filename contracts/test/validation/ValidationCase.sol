// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title An agent, its owner, and a validator that it asks.
abstract contract ValidationCase is Commons {
    address internal owner = address(0x0E);
    address internal validator = address(0x7A1);
    uint256 internal agentId;

    function setUp() public virtual override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function request(bytes32 hash) internal {
        vm.prank(owner);
        validation.validationRequest(validator, agentId, "uri", hash);
    }

    function respond(bytes32 hash, uint8 response, string memory tag) internal {
        vm.prank(validator);
        validation.validationResponse(hash, response, "uri", keccak256(abi.encode(response)), tag);
    }
}
