// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Accounts } from "../../src/libraries/Accounts.sol";
import { DataRoom } from "../DataRoom.sol";
import { vm } from "../Vm.sol";

/// @notice Economics, section 7.
contract DataLeaseVectorsTest is DataRoom {
    function test_Thirty_days_ended_after_864001_seconds() public {
        setParam("protocolFee", 0);
        uint256 leaseId = granted(100 * CREDITS, 30 days);
        uint256 had = creditOf(dataOwner);
        uint256 spent = creditOf(grantee);
        skip(864_001);
        vm.prank(dataOwner);
        data.revoke(leaseId, 0);
        vm.assertEq(creditOf(dataOwner), had + 33333371913580246913);
        vm.assertEq(creditOf(grantee), spent + 100 * CREDITS - 33333371913580246913);
        vm.assertEq(balance(Accounts.lease(leaseId)), 0);
    }

    function test_A_renewal_pays_what_accrued_and_starts_anew() public {
        setParam("protocolFee", 0);
        uint256 leaseId = granted(90 * CREDITS, 90 days);
        uint256 had = creditOf(dataOwner);
        skip(30 days);
        askRenewal(leaseId, 60 * CREDITS, 30 days);
        grantIt(leaseId);
        vm.assertEq(creditOf(dataOwner), had + 30 * CREDITS);
        vm.assertEq(data.leaseOf(leaseId).price, 120 * CREDITS);
        vm.assertEq(data.leaseOf(leaseId).ttl, 90 days);
        vm.assertEq(balance(Accounts.lease(leaseId)), 120 * CREDITS);
        skip(90 days);
        data.endLease(leaseId);
        vm.assertEq(creditOf(dataOwner), had + 150 * CREDITS);
    }

    function test_The_deposit_is_a_fifth_and_never_under_ten() public view {
        vm.assertEq(data.depositFor(1), 10 * CREDITS);
        vm.assertEq(data.depositFor(50 * CREDITS), 10 * CREDITS);
        vm.assertEq(data.depositFor(1_000 * CREDITS), 200 * CREDITS);
    }
}
