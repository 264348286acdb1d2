// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract WorkOfLeasesTest is Market {
    function test_Only_the_leases_tell_of_work() public {
        uint256 taskId = matched(PRICE);
        bytes memory refusal = abi.encodeWithSelector(Module.OnlyModule.selector, address(this));
        vm.expectRevert(refusal);
        market.workStarted(taskId, owners[0]);
        vm.expectRevert(refusal);
        market.workYielded(taskId);
        vm.expectRevert(refusal);
        market.workLapsed(taskId);
    }
}
