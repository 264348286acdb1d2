// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract DenyLeaseTest is DataLeasesCase {
    function test_A_denied_request_gives_everything_back() public {
        uint256 had = creditOf(grantee);
        uint256 leaseId = requested(PAID, 30 days);
        vm.prank(dataOwner);
        data.deny(leaseId, "no");
        vm.assertEq(creditOf(grantee), had);
        assertState(leaseId, LeaseState.CLOSED, 1);
        vm.assertEq(registry.locksOf(granteeId), 0);
    }
}
