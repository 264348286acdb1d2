// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { ValidationCase } from "./ValidationCase.sol";

contract ValidationGetSummaryTest is ValidationCase {
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
}
