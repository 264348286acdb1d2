// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract RevokeLeaseTest is DataLeasesCase {
    uint8 internal constant REVOKED = 2;

    function test_A_revoked_lease_pays_what_accrued_and_gives_the_rest_back() public {
        setParam("protocolFee", 0);
        uint256 leaseId = granted(PAID, 30 days);
        uint256 paid = creditOf(dataOwner);
        uint256 had = creditOf(grantee);
        skip(15 days);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseEnded(leaseId, REVOKED, "evidence");
        vm.prank(dataOwner);
        data.revoke(leaseId, "evidence");
        assertState(leaseId, LeaseState.ENDED, REVOKED);
        vm.assertEq(uint256(data.leaseOf(leaseId).endedAt), block.timestamp);
        vm.assertEq(creditOf(dataOwner), paid + PAID / 2);
        vm.assertEq(creditOf(grantee), had + PAID / 2);
        // The deposit stays for seven days.
        vm.assertGt(depositOf(leaseId), 0);
    }

    function test_Only_the_owner_of_the_data_revokes() public {
        uint256 leaseId = granted(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OnlyDataOwner.selector, datasetId, grantee));
        vm.prank(grantee);
        data.revoke(leaseId, 0);
        assertState(leaseId, LeaseState.ACTIVE, 0);
    }

    function test_Only_a_lease_that_is_active_is_revoked() public {
        uint256 leaseId = requested(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.REQUESTED));
        vm.prank(dataOwner);
        data.revoke(leaseId, 0);
    }
}
