// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract TimelockRolesTest is TimelockCase {
    function test_Its_roles_are_those_of_the_design() public view {
        bytes32 proposer = timelock.PROPOSER_ROLE();
        bytes32 canceller = timelock.CANCELLER_ROLE();
        bytes32 executor = timelock.EXECUTOR_ROLE();
        vm.assertEq(timelock.getMinDelay(), 2 days);
        vm.assertTrue(timelock.hasRole(proposer, wiring.governor));
        vm.assertFalse(timelock.hasRole(proposer, wiring.council));
        vm.assertTrue(timelock.hasRole(canceller, wiring.governor));
        vm.assertTrue(timelock.hasRole(canceller, wiring.council));
        vm.assertTrue(timelock.hasRole(executor, address(0)));
        vm.assertTrue(timelock.hasRole(0, wiring.timelock));
        vm.assertFalse(timelock.hasRole(0, address(this)));
    }
}
