// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { vm } from "../Vm.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract TimelockRolesTest is TimelockCase {
    address private constant SOMEBODY = address(0x50EB);

    function refuse(bytes32 role, address account) private {
        vm.expectRevert(abi.encodeWithSelector(ITimelock.RoleIsFixed.selector, role, account));
    }

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

    function test_The_stake_gives_and_takes_what_does_not_touch_the_veto() public {
        bytes32 proposer = timelock.PROPOSER_ROLE();
        vm.startPrank(wiring.timelock);
        vm.expectEmit(wiring.timelock);
        emit IAccessControl.RoleGranted(proposer, SOMEBODY, wiring.timelock);
        timelock.grantRole(proposer, SOMEBODY);
        vm.assertTrue(timelock.hasRole(proposer, SOMEBODY));
        vm.expectEmit(wiring.timelock);
        emit IAccessControl.RoleRevoked(proposer, SOMEBODY, wiring.timelock);
        timelock.revokeRole(proposer, SOMEBODY);
        vm.assertFalse(timelock.hasRole(proposer, SOMEBODY));
    }

    function test_Nobody_else_gives_or_takes_a_role() public {
        bytes32 proposer = timelock.PROPOSER_ROLE();
        bytes memory refusal = abi.encodeWithSelector(
            IAccessControl.AccessControlUnauthorizedAccount.selector, wiring.council, bytes32(0)
        );
        vm.startPrank(wiring.council);
        vm.expectRevert(refusal);
        timelock.grantRole(proposer, SOMEBODY);
        vm.expectRevert(refusal);
        timelock.revokeRole(proposer, wiring.governor);
    }

    function test_No_decision_takes_the_veto_from_the_council() public {
        bytes32 canceller = timelock.CANCELLER_ROLE();
        refuse(canceller, wiring.council);
        vm.prank(wiring.timelock);
        timelock.revokeRole(canceller, wiring.council);
        vm.assertTrue(timelock.hasRole(canceller, wiring.council));
    }

    function test_Nobody_beside_the_timelock_ever_administers_it() public {
        refuse(0, SOMEBODY);
        vm.prank(wiring.timelock);
        timelock.grantRole(0, SOMEBODY);
        refuse(0, wiring.timelock);
        vm.prank(wiring.timelock);
        timelock.revokeRole(0, wiring.timelock);
    }

    function test_Nobody_lays_a_role_down() public {
        bytes32 canceller = timelock.CANCELLER_ROLE();
        refuse(canceller, wiring.council);
        vm.prank(wiring.council);
        timelock.renounceRole(canceller, wiring.council);
        vm.assertTrue(timelock.hasRole(canceller, wiring.council));
    }
}
