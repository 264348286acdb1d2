// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { DataRoom } from "../DataRoom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 28: taking a lease's money and revoking.
contract ARevokedLeaseIsPaidToTheSecondTest is DataRoom {
    function test_A_revoked_lease_is_paid_to_the_second() public {
        uint256 leaseId = granted(100 * CREDITS, 30 days);
        uint256 owner = creditOf(dataOwner);
        uint256 user = creditOf(grantee);
        vm.prank(dataOwner);
        data.revoke(leaseId, 0);
        vm.assertEq(creditOf(dataOwner), owner, "revoking at once earns nothing");
        vm.assertEq(creditOf(grantee), user + 100 * CREDITS);
    }

    function test_Fuzz_whoever_ends_it_the_owner_has_the_seconds(uint256 price, uint256 ttl, uint256 used, uint256 way)
        public
    {
        price = bound(price, 1, RICH / 2);
        ttl = bound(ttl, 60, 3650 days);
        used = bound(used, 0, ttl - 1);
        uint256 leaseId = granted(price, uint64(ttl));
        uint256 owner = creditOf(dataOwner);
        uint256 user = creditOf(grantee);
        skip(used);
        if (way % 3 == 0) {
            vm.prank(dataOwner);
            data.revoke(leaseId, 0);
        } else if (way % 3 == 1) {
            vm.prank(grantee);
            data.release(leaseId);
        } else {
            vm.prank(dataOwner);
            data.setManifest(dataOwnerId, NAME, keccak256("second"), "");
            skip(1 days);
            data.endLease(leaseId);
        }
        uint256 accrued = price * used / ttl;
        // Whoever leaves by itself leaves the least share behind.
        if (way % 3 == 1 && accrued < price * 2_000 / 10_000) accrued = price * 2_000 / 10_000;
        vm.assertEq(creditOf(dataOwner), owner + accrued - accrued / 100);
        vm.assertEq(creditOf(grantee), user + price - accrued);
    }
}
