// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { DataRoom } from "../DataRoom.sol";
import { vm } from "../Vm.sol";

/// @notice Row 45: the owner leaves a renewal unanswered; its price stays locked, and no other can be asked for, until the lease
///         ends.
contract AnUnansweredRenewalBlocksNobodyTest is DataRoom {
    function test_An_unanswered_renewal_blocks_nobody() public {
        uint256 leaseId = granted(100 * CREDITS, 3650 days);
        uint256 had = creditOf(grantee);
        askRenewal(leaseId, 50 * CREDITS, 30 days);
        skip(1 days);
        // The next one takes its place; the first one's price is back.
        askRenewal(leaseId, 40 * CREDITS, 20 days);
        vm.assertEq(data.renewalOf(leaseId).price, 40 * CREDITS);
        vm.assertEq(creditOf(grantee), had - 40 * CREDITS - 10 * CREDITS, "the deposit has grown by ten");
        skip(1 days);
        // Or anyone brings it home.
        data.endRenewal(leaseId);
        vm.assertEq(creditOf(grantee), had - 10 * CREDITS);
        vm.assertEq(uint256(data.renewalOf(leaseId).ttl), 0);
    }
}
