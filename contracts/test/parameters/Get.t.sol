// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IParameters } from "../../src/interfaces/IParameters.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract GetParameterTest is Commons {
    function test_Every_default_is_the_table_s_and_inside_its_bounds() public view {
        for (uint256 i; i < Keys.COUNT; ++i) {
            (bytes32 key, uint256 value, uint256 lowest, uint256 highest) = Keys.row(i);
            vm.assertEq(parameters.get(key), value);
            (uint256 low, uint256 high) = parameters.bounds(key);
            vm.assertEq(low, lowest);
            vm.assertEq(high, highest);
            vm.assertTrue(value >= low && value <= high);
            for (uint256 k; k < i; ++k) {
                (bytes32 other,,,) = Keys.row(k);
                vm.assertTrue(other != key, "a key stands twice");
            }
        }
        (bytes32 beyond,,,) = Keys.row(Keys.COUNT);
        vm.assertEq(beyond, bytes32(0));
    }

    function test_Unknown_keys_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IParameters.UnknownParameter.selector, bytes32("x")));
        parameters.get("x");
        vm.expectRevert(abi.encodeWithSelector(IParameters.UnknownParameter.selector, bytes32("x")));
        parameters.bounds("x");
        vm.expectRevert(abi.encodeWithSelector(IParameters.UnknownParameter.selector, bytes32("x")));
        vm.prank(wiring.timelock);
        parameters.setParam("x", 1);
        vm.expectRevert(abi.encodeWithSelector(IParameters.UnknownParameter.selector, Keys.PROTOCOL_FEE));
        parameters.exponentAt(Keys.PROTOCOL_FEE, GENESIS_TIME);
    }
}
