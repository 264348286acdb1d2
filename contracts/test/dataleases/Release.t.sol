// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract ReleaseLeaseTest is DataLeasesCase {
    function test_A_released_request_gives_everything_back() public {
        uint256 had = creditOf(grantee);
        uint256 leaseId = requested(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, granteeId, client));
        vm.prank(client);
        data.release(leaseId);
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(grantee), had);
        assertState(leaseId, LeaseState.CLOSED, 3);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.CLOSED));
        vm.prank(grantee);
        data.release(leaseId);
    }

    function test_Leaving_early_costs_the_least_share() public {
        uint256 owner = creditOf(dataOwner);
        uint256 leaseId = requested(PAID, 4_000, 100 days);
        grantIt(leaseId);
        uint256 had = creditOf(grantee);
        skip(10 days);
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(dataOwner), owner + 40 * CREDITS - 40 * CREDITS / 100);
        vm.assertEq(creditOf(grantee), had + 60 * CREDITS);
        vm.assertEq(balance(Accounts.lease(leaseId)), 0);
    }

    function test_Leaving_late_costs_the_time() public {
        uint256 owner = creditOf(dataOwner);
        uint256 leaseId = requested(PAID, 4_000, 100 days);
        grantIt(leaseId);
        skip(50 days);
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(dataOwner), owner + 50 * CREDITS - 50 * CREDITS / 100);
    }

    function test_Who_leaves_because_the_consent_changed_pays_for_the_time_alone() public {
        uint256 owner = creditOf(dataOwner);
        uint256 leaseId = requested(PAID, 10_000, 100 days);
        grantIt(leaseId);
        skip(10 days);
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, "second", "");
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(dataOwner), owner + 10 * CREDITS - 10 * CREDITS / 100);
    }
}
