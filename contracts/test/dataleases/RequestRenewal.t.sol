// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract RequestRenewalTest is DataLeasesCase {
    function test_Renewals_that_are_refused_and_the_deposit_that_grows() public {
        uint256 leaseId = granted(PAID, 30 days);
        askRenewal(leaseId, 9 * PAID, 30 days);
        vm.assertEq(depositOf(leaseId), 200 * CREDITS);
        vm.assertEq(data.renewalOf(leaseId).price, 9 * PAID);
        uint64 until = uint64(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.RenewalPending.selector, leaseId));
        vm.prank(grantee);
        data.requestRenewal(leaseId, 1, 60, until);
        skip(1 days);
        vm.expectRevert();
        grantIt(leaseId);
        // What was not granted comes back with the end.
        uint256 had = creditOf(grantee);
        skip(29 days);
        data.endLease(leaseId);
        vm.assertEq(creditOf(grantee), had + 9 * PAID);
        vm.assertEq(data.accruedAt(leaseId, uint64(block.timestamp)), PAID);
    }
}
