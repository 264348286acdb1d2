// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract AttesterRoleTest is PoolCase {
    function test_The_timelock_names_attesters() public {
        bytes32 role = pool.ATTESTER_ROLE();
        vm.prank(wiring.timelock);
        pool.grantRole(role, client);
        vm.assertTrue(pool.hasRole(role, client));
        vm.prank(wiring.timelock);
        pool.revokeRole(role, attester);
        vm.assertFalse(pool.hasRole(role, attester));
    }
}
