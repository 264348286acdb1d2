// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract RequestLeaseTest is DataLeasesCase {
    function test_A_request_locks_price_and_deposit() public {
        uint256 had = creditOf(grantee);
        uint64 until = uint64(block.timestamp + 1 days);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseRequested(
            1, datasetId, granteeId, keccak256("purpose"), 30 days, until, PAID, 20 * CREDITS, 100
        );
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseLeastSet(1, 2_500);
        uint256 leaseId = requested(PAID, 2_500, 30 days);
        vm.assertEq(uint256(data.leaseOf(leaseId).leastBps), 2_500);
        vm.assertEq(uint256(data.leaseOf(leaseId).version), 1);
        vm.assertEq(creditOf(grantee), had - PAID - 20 * CREDITS);
        vm.assertEq(balance(Accounts.lease(leaseId)), PAID);
        vm.assertEq(depositOf(leaseId), 20 * CREDITS);
        vm.assertEq(registry.locksOf(granteeId), 1);
        assertState(leaseId, LeaseState.REQUESTED, 0);
    }

    function test_Requests_that_are_refused() public {
        uint64 until = uint64(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.UnknownDataset.selector, bytes32("none")));
        vm.prank(grantee);
        data.request("none", granteeId, 0, 0, PAID, 2_000, 1 days, until);
        vm.expectRevert(
            abi.encodeWithSelector(IDataLeases.OutsideTerms.selector, bytes32("price"), 0, 1, type(uint120).max)
        );
        vm.prank(grantee);
        data.request(datasetId, granteeId, MANIFEST, 0, 0, 2_000, 1 days, until);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OutsideTerms.selector, bytes32("ttl"), 59, 60, 3650 days));
        vm.prank(grantee);
        data.request(datasetId, granteeId, MANIFEST, 0, PAID, 2_000, 59, until);
        vm.expectRevert();
        vm.prank(grantee);
        data.request(datasetId, granteeId, MANIFEST, 0, PAID, 2_000, 1 days, uint64(block.timestamp + 31 days));
    }

    function test_The_least_charge_is_a_fifth_of_the_price_to_all_of_it() public {
        for (uint256 i; i < 2; ++i) {
            uint16 least = i == 0 ? 1_999 : 10_001;
            bytes memory refused =
                abi.encodeWithSelector(IDataLeases.OutsideTerms.selector, bytes32("leastBps"), least, 2_000, 10_000);
            uint64 until = uint64(block.timestamp + 1 days);
            vm.expectRevert(refused);
            vm.prank(grantee);
            data.request(datasetId, granteeId, MANIFEST, 0, PAID, least, 1 days, until);
        }
        requested(PAID, 2_000, 1 days);
        requested(PAID, 10_000, 1 days);
    }

    function test_A_request_names_the_manifest_that_it_is_made_under() public {
        uint64 until = uint64(block.timestamp + 1 days);
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, "second", "");
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OtherManifest.selector, datasetId, bytes32("second")));
        vm.prank(grantee);
        data.request(datasetId, granteeId, MANIFEST, 0, PAID, 2_000, 1 days, until);
    }
}
