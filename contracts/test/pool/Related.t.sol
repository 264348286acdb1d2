// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract RelatedTest is PoolCase {
    function test_Related_agents() public {
        vm.assertFalse(pool.related(makerId, watcherId));
        vm.assertTrue(pool.related(makerId, makerId));
    }
}
