// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { DataRoom } from "../DataRoom.sol";
import { IDataLeases } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";

/// @notice Row 46: a grantee copies the data in the first second and gives the lease back: 30 days of 100 credits cost 0.00004.
contract CopiedDataIsPaidForTest is DataRoom {
    uint256 private constant WORTH = 100 * CREDITS;

    function ownerEarnsFrom(uint16 leastBps) private returns (uint256) {
        uint256 owner = creditOf(dataOwner);
        uint256 leaseId = requested(WORTH, leastBps, 30 days);
        grantIt(leaseId);
        skip(1);
        vm.prank(grantee);
        data.release(leaseId);
        return creditOf(dataOwner) - owner;
    }

    function test_Copied_data_is_paid_for() public {
        setParam("protocolFee", 0);
        vm.assertEq(ownerEarnsFrom(2_000), 20 * CREDITS, "a fifth at least");
        vm.assertEq(ownerEarnsFrom(10_000), WORTH, "all of it, where both agreed on that");
    }

    function test_A_breach_is_no_cheaper_way_to_leave() public {
        setParam("protocolFee", 0);
        uint256 owner = creditOf(dataOwner);
        uint256 leaseId = requested(WORTH, 5_000, 30 days);
        grantIt(leaseId);
        uint256 disputeId = openBreach(leaseId);
        vm.prank(grantee);
        court.concede(disputeId);
        // Half of the price, and half of the deposit that the court took.
        vm.assertEq(creditOf(dataOwner), owner + 50 * CREDITS + 10 * CREDITS);
    }

    function test_An_owner_that_changes_its_consent_earns_no_least_share() public {
        setParam("protocolFee", 0);
        uint256 owner = creditOf(dataOwner);
        uint256 user = creditOf(grantee);
        uint256 leaseId = requested(WORTH, 10_000, 30 days);
        // The grantee asked under a manifest it had read; the owner puts another in its place and grants.
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, "nothing is allowed", "");
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.Superseded.selector, leaseId, uint64(block.timestamp)));
        grantIt(leaseId);
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(dataOwner), owner);
        vm.assertEq(creditOf(grantee), user);
    }
}
