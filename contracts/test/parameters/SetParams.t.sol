// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IParameters } from "../../src/interfaces/IParameters.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract SetParamsTest is Commons {
    function test_Weights_change_together_and_sum_to_the_whole() public {
        vm.expectRevert(abi.encodeWithSelector(IParameters.WeightsMustSum.selector, 10_000, 10_001));
        vm.prank(wiring.timelock);
        parameters.setParam(Keys.W_PRICE, 5_001);
        bytes32[] memory keys = new bytes32[](2);
        uint256[] memory values = new uint256[](2);
        (keys[0], values[0]) = (Keys.W_PRICE, 6_000);
        (keys[1], values[1]) = (Keys.W_REP, 3_000);
        vm.startPrank(wiring.timelock);
        parameters.setParams(keys, values);
        vm.assertEq(parameters.get(Keys.W_PRICE), 6_000);
        vm.assertEq(parameters.get(Keys.W_REP), 3_000);
        vm.expectPartialRevert(IParameters.ParameterRests.selector);
        parameters.setParams(keys, values);
        vm.expectRevert(abi.encodeWithSelector(IParameters.LengthsDiffer.selector, 2, 1));
        parameters.setParams(keys, new uint256[](1));
    }
}
