// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract RuleLeaseTest is DataLeasesCase {
    function test_A_breach_costs_the_deposit_and_ends_the_lease() public {
        uint256 leaseId = granted(PAID, 30 days);
        skip(3 days);
        uint256 owner = creditOf(dataOwner);
        uint256 disputeId = openBreach(leaseId);
        vm.assertEq(court.disputeOf(disputeId).bond, 20 * CREDITS);
        vm.assertEq(depositOf(leaseId), 0);
        vm.prank(grantee);
        court.concede(disputeId);
        // 10 of the pot, and the least share, a fifth of the price, less the fee.
        vm.assertEq(creditOf(dataOwner), owner + 10 * CREDITS + 19.8e18);
        assertState(leaseId, LeaseState.CLOSED, 6);
        vm.assertEq(registry.locksOf(granteeId), 0);
    }

    function test_A_split_breach_ends_the_lease_too() public {
        uint256 leaseId = granted(PAID, 30 days);
        uint256 disputeId = openBreach(leaseId);
        seated(disputeId);
        vote(disputeId, votes(3, 3, 3));
        settleNow(disputeId);
        assertState(leaseId, LeaseState.CLOSED, 7);
    }

    function test_A_rejected_breach_gives_the_deposit_back_and_is_ruled_once() public {
        uint256 leaseId = granted(PAID, 30 days);
        uint256 disputeId = openBreach(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.UnderDispute.selector, leaseId, disputeId));
        openBreach(leaseId);
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        settleNow(disputeId);
        vm.assertEq(depositOf(leaseId), 20 * CREDITS);
        assertState(leaseId, LeaseState.ACTIVE, 0);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.AlreadyRuled.selector, leaseId));
        openBreach(leaseId);
        // Nothing can be claimed any more: the deposit need not wait.
        vm.prank(grantee);
        data.release(leaseId);
        data.releaseDeposit(leaseId);
        assertState(leaseId, LeaseState.CLOSED, 3);
    }
}
