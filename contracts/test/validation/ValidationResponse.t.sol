// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IValidation, Verdict } from "../../src/interfaces/IValidation.sol";
import { vm } from "../Vm.sol";
import { ValidationCase } from "./ValidationCase.sol";

contract ValidationResponseTest is ValidationCase {
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
}
