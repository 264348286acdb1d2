// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { ValidationCase } from "../validation/ValidationCase.sol";

/// @notice Attack 42: a stranger sees the hash of a request on its way and claims it first, for an agent of its own.
contract ASquattedHashStopsNoValidationTest is ValidationCase {
    address internal squatter = address(0x5A7);
    bytes32 internal hash = keccak256("the payload of the request");

    function test_A_squatted_hash_stops_no_validation() public {
        uint256 its = newAgent(squatter, 0);
        vm.prank(squatter);
        validation.validationRequest(validator, its, "uri", hash);
        assertValidated();
    }

    function test_Neither_does_the_hash_that_the_victim_would_get_instead() public {
        uint256 its = newAgent(squatter, 0);
        vm.startPrank(squatter);
        validation.validationRequest(validator, its, "uri", hash);
        bytes32 next = validation.requestHashOf(validator, agentId, hash);
        validation.validationRequest(validator, its, "uri", next);
        vm.stopPrank();
        vm.assertTrue(validation.getAgentValidations(its)[1] != next, "a reserved hash is nobody else's");
        assertValidated();
    }

    function test_An_answer_counts_for_the_agent_that_asked() public {
        uint256 its = newAgent(squatter, 0);
        vm.prank(squatter);
        validation.validationRequest(validator, its, "uri", hash);
        bytes32 own = assertValidated();
        (uint64 count,) = validation.getSummary(its, new address[](0), "");
        vm.assertEq(count, 0, "the squatter earns nothing from it");
        (, uint256 ofAgent,,,,) = validation.getValidationStatus(own);
        vm.assertEq(ofAgent, agentId);
    }

    function assertValidated() private returns (bytes32 own) {
        request(hash);
        own = validation.getAgentValidations(agentId)[0];
        vm.assertEq(own, validation.requestHashOf(validator, agentId, hash));
        respond(own, 90, "");
        (uint64 count, uint8 average) = validation.getSummary(agentId, new address[](0), "");
        vm.assertEq(count, 1);
        vm.assertEq(uint256(average), 90);
    }
}
