// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract GrantLeaseTest is DataLeasesCase {
    function test_Only_the_owner_grants_in_time() public {
        uint256 leaseId = requested(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OnlyDataOwner.selector, datasetId, grantee));
        vm.prank(grantee);
        data.grant(leaseId);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseGranted(leaseId, MANIFEST, uint64(block.timestamp + 30 days));
        grantIt(leaseId);
        assertState(leaseId, LeaseState.ACTIVE, 0);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.NoRenewal.selector, leaseId));
        grantIt(leaseId);
        leaseId = requested(PAID, 30 days);
        uint64 until = data.leaseOf(leaseId).requestUntil;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, until, until));
        grantIt(leaseId);
    }

    function test_A_request_is_granted_under_its_own_manifest_or_not_at_all() public {
        uint256 had = creditOf(grantee);
        uint256 leaseId = requested(PAID, 30 days);
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, "nothing is allowed", "");
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.Superseded.selector, leaseId, uint64(block.timestamp)));
        grantIt(leaseId);
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(grantee), had);
    }
}
