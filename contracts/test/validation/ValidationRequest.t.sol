// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IValidation } from "../../src/interfaces/IValidation.sol";
import { vm } from "../Vm.sol";
import { ValidationCase } from "./ValidationCase.sol";

contract ValidationRequestTest is ValidationCase {
    uint256 internal constant RESERVED = uint256(type(uint64).max) << 192;

    function test_A_request_is_recorded_for_agent_and_validator() public {
        vm.expectEmit(wiring.validation);
        emit IValidation.ValidationRequest(validator, agentId, "uri", "h");
        request("h");
        (address found, uint256 ofAgent, uint8 response,,, uint256 lastUpdate) = validation.getValidationStatus("h");
        vm.assertEq(found, validator);
        vm.assertEq(ofAgent, agentId);
        vm.assertEq(uint256(response), 0);
        vm.assertEq(lastUpdate, 0);
        vm.assertEq(validation.getAgentValidations(agentId)[0], "h");
        vm.assertEq(validation.getValidatorRequests(validator)[0], "h");
        vm.assertEq(validation.getIdentityRegistry(), wiring.agentRegistry);
    }

    function test_Nobody_validates_its_own_agent() public {
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IValidation.SelfValidation.selector, agentId, owner));
        validation.validationRequest(owner, agentId, "uri", "h");
        vm.stopPrank();
        request("h");
        vm.prank(owner);
        (bool done,) = wiring.agentRegistry
            .call(abi.encodeWithSignature("transferFrom(address,address,uint256)", owner, validator, agentId));
        vm.assertTrue(done);
        vm.expectRevert(abi.encodeWithSelector(IValidation.SelfValidation.selector, agentId, validator));
        respond("h", 100, "");
    }

    function test_Only_who_acts_for_the_agent_asks() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, validator));
        vm.prank(validator);
        validation.validationRequest(address(5), agentId, "uri", "h");
    }

    function test_A_request_needs_a_validator_a_hash_and_is_made_once() public {
        vm.startPrank(owner);
        vm.expectRevert(IValidation.ZeroValidator.selector);
        validation.validationRequest(address(0), agentId, "uri", "h");
        vm.expectRevert(IValidation.ZeroHash.selector);
        validation.validationRequest(validator, agentId, "uri", 0);
        validation.validationRequest(validator, agentId, "uri", "h");
        vm.expectRevert(abi.encodeWithSelector(IValidation.RequestIsKnown.selector, bytes32("h")));
        validation.validationRequest(validator, agentId, "uri", "h");
    }

    function test_Another_validator_of_the_same_work_has_a_hash_of_its_own() public {
        request("h");
        bytes32 own = validation.requestHashOf(address(9), agentId, "h");
        vm.assertEq(own, bytes32(uint256(keccak256(abi.encode(bytes32("h"), agentId, address(9)))) | RESERVED));
        vm.expectEmit(wiring.validation);
        emit IValidation.ValidationRequest(address(9), agentId, "uri", own);
        vm.startPrank(owner);
        validation.validationRequest(address(9), agentId, "uri", "h");
        vm.expectRevert(abi.encodeWithSelector(IValidation.RequestIsKnown.selector, own));
        validation.validationRequest(address(9), agentId, "uri", "h");
        vm.stopPrank();
        (address found, uint256 ofAgent,,,,) = validation.getValidationStatus(own);
        vm.assertEq(found, address(9));
        vm.assertEq(ofAgent, agentId);
        vm.assertEq(validation.requestHashOf(validator, agentId, "h"), "h");
    }

    function test_A_tripped_breaker_stops_requests_not_answers() public {
        request("h");
        trip(2);
        expectTripped("validation", 2);
        request("i");
        respond("h", 1, "");
    }
}
