// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract CompleteTest is Market {
    function test_Only_the_market_completes_and_releases() public {
        (uint256 taskId,) = running(PRICE);
        bytes memory refusal = abi.encodeWithSelector(Module.OnlyModule.selector, address(this));
        vm.expectRevert(refusal);
        leases.complete(taskId);
        vm.expectRevert(refusal);
        leases.release(taskId);
    }
}
