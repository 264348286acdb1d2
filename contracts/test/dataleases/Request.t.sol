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
        uint256 leaseId = requested(PAID, 30 days);
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
        data.request("none", granteeId, 0, PAID, 1 days, until);
        vm.expectRevert(
            abi.encodeWithSelector(IDataLeases.OutsideTerms.selector, bytes32("price"), 0, 1, type(uint120).max)
        );
        vm.prank(grantee);
        data.request(datasetId, granteeId, 0, 0, 1 days, until);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OutsideTerms.selector, bytes32("ttl"), 59, 60, 3650 days));
        vm.prank(grantee);
        data.request(datasetId, granteeId, 0, PAID, 59, until);
        vm.expectRevert();
        vm.prank(grantee);
        data.request(datasetId, granteeId, 0, PAID, 1 days, uint64(block.timestamp + 31 days));
    }
}
