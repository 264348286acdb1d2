// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract SetManifestTest is DataLeasesCase {
    function test_A_manifest_names_a_dataset_of_its_owner() public {
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.ConsentManifestSet(datasetId, dataOwnerId, "two", 2, "ipfs://two");
        vm.prank(dataOwner);
        vm.assertEq(data.setManifest(dataOwnerId, NAME, "two", "ipfs://two"), datasetId);
        vm.assertEq(uint256(data.datasetOf(datasetId).version), 2);
        vm.assertEq(uint256(data.supersededAt(datasetId, 1)), block.timestamp);
        vm.expectRevert(IDataLeases.ZeroManifest.selector);
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, dataOwnerId, grantee));
        vm.prank(grantee);
        data.setManifest(dataOwnerId, NAME, "three", "");
    }

    function test_A_new_manifest_ends_the_consent_when_it_appeared() public {
        uint256 leaseId = granted(PAID, 30 days);
        uint256 owner = creditOf(dataOwner);
        skip(3 days);
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, "two", "");
        skip(5 days);
        vm.expectRevert();
        vm.prank(dataOwner);
        data.spend(leaseId, 1);
        data.endLease(leaseId);
        assertState(leaseId, LeaseState.ENDED, 5);
        vm.assertEq(creditOf(dataOwner), owner + 9.9e18);
        vm.assertEq(uint256(data.leaseOf(leaseId).endedAt), block.timestamp - 5 days);
    }
}
