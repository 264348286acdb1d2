// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IValidation, Verdict } from "../../src/interfaces/IValidation.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract ValidationTest is Commons {
    address private owner = address(0x0E);
    address private validator = address(0x7A1);
    uint256 private agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function request(bytes32 hash) private {
        vm.prank(owner);
        validation.validationRequest(validator, agentId, "uri", hash);
    }

    function respond(bytes32 hash, uint8 response, string memory tag) private {
        vm.prank(validator);
        validation.validationResponse(hash, response, "uri", keccak256(abi.encode(response)), tag);
    }

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

    function test_Every_response_is_kept_and_the_latest_is_the_status() public {
        request("h");
        vm.expectEmit(wiring.validation);
        emit IValidation.ValidationResponse(
            validator, agentId, "h", 40, "uri", keccak256(abi.encode(uint8(40))), "soft"
        );
        respond("h", 40, "soft");
        skip(5);
        respond("h", 90, "hard");
        vm.assertEq(validation.responseCount("h"), 2);
        Verdict memory first = validation.responseAt("h", 0);
        vm.assertEq(uint256(first.response), 40);
        vm.assertEq(first.tag, "soft");
        vm.assertEq(uint256(first.respondedAt), GENESIS_TIME);
        vm.assertEq(first.responseHash, keccak256(abi.encode(uint8(40))));
        (,, uint8 response, bytes32 hash, string memory tag, uint256 lastUpdate) = validation.getValidationStatus("h");
        vm.assertEq(uint256(response), 90);
        vm.assertEq(hash, keccak256(abi.encode(uint8(90))));
        vm.assertEq(tag, "hard");
        vm.assertEq(lastUpdate, GENESIS_TIME + 5);
    }

    function test_The_summary_averages_the_latest_answers() public {
        request("a");
        request("b");
        request("c");
        respond("a", 10, "soft");
        respond("a", 50, "hard");
        respond("b", 100, "soft");
        address[] memory validators = new address[](0);
        (uint64 count, uint8 average) = validation.getSummary(agentId, validators, "");
        vm.assertEq(uint256(count), 2);
        vm.assertEq(uint256(average), 75);
        (count, average) = validation.getSummary(agentId, validators, "hard");
        vm.assertEq(uint256(count), 1);
        vm.assertEq(uint256(average), 50);
        validators = new address[](1);
        validators[0] = validator;
        (count,) = validation.getSummary(agentId, validators, "");
        vm.assertEq(uint256(count), 2);
        validators[0] = owner;
        (count, average) = validation.getSummary(agentId, validators, "");
        vm.assertEq(uint256(count), 0);
        vm.assertEq(uint256(average), 0);
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
        validation.validationRequest(address(9), agentId, "uri", "h");
    }

    function test_Only_the_validator_that_was_asked_answers_within_0_to_100() public {
        request("h");
        vm.expectRevert(abi.encodeWithSelector(IValidation.OnlyValidator.selector, bytes32("h"), validator, owner));
        vm.prank(owner);
        validation.validationResponse("h", 1, "", 0, "");
        vm.expectRevert(abi.encodeWithSelector(IValidation.ResponseOutOfBounds.selector, 101, 100));
        respond("h", 101, "");
        vm.expectRevert(abi.encodeWithSelector(IValidation.UnknownRequest.selector, bytes32("x")));
        respond("x", 1, "");
        vm.expectRevert(abi.encodeWithSelector(IValidation.UnknownRequest.selector, bytes32("x")));
        validation.getValidationStatus("x");
    }

    function test_A_tripped_breaker_stops_requests_not_answers() public {
        request("h");
        trip(2);
        expectTripped("validation", 2);
        request("i");
        respond("h", 1, "");
    }
}
