// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract EndRenewalTest is DataLeasesCase {
    uint256 private leaseId;
    uint64 private until;

    function setUp() public override {
        super.setUp();
        leaseId = granted(PAID, 30 days);
        until = uint64(block.timestamp + 1 days);
        askRenewal(leaseId, 9 * PAID, 30 days);
    }

    function ends(address who, uint8 cause) private {
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseRenewalEnded(leaseId, cause);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.lease(leaseId), Accounts.credit(grantee), bytes32(leaseId), 9 * PAID, Reasons.REFUND
        );
        vm.prank(who);
        data.endRenewal(leaseId);
        vm.assertEq(balance(Accounts.lease(leaseId)), PAID);
        vm.assertEq(uint256(data.renewalOf(leaseId).ttl), 0);
        // What the deposit grew by stays.
        vm.assertEq(depositOf(leaseId), 200 * CREDITS);
        assertState(leaseId, LeaseState.ACTIVE, 0);
    }

    function test_The_grantee_takes_it_back_at_any_time() public {
        ends(grantee, 1);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.NoRenewal.selector, leaseId));
        grantIt(leaseId);
    }

    function test_The_owner_refuses_it_at_any_time() public {
        ends(dataOwner, 2);
    }

    function test_Anyone_ends_it_once_it_was_left_unanswered() public {
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, until, until - 1));
        vm.prank(client);
        data.endRenewal(leaseId);
        vm.warp(until);
        ends(client, 3);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.NoRenewal.selector, leaseId));
        data.endRenewal(leaseId);
    }

    function test_Level_two_holds_a_strangers_call_and_not_the_parties() public {
        vm.warp(until);
        vm.prank(guardian);
        IBreaker(wiring.breaker).trip(0, 2, 1 hours, "test");
        vm.expectRevert();
        vm.prank(client);
        data.endRenewal(leaseId);
        ends(grantee, 1);
    }

    function test_The_next_renewal_takes_the_place_of_one_that_was_left_unanswered() public {
        vm.warp(until);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseRenewalEnded(leaseId, 3);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseRenewalRequested(leaseId, 60, until + 1 days, 7, 200 * CREDITS);
        askRenewal(leaseId, 7, 60);
        vm.assertEq(balance(Accounts.lease(leaseId)), PAID + 7);
    }

    function test_A_lease_that_is_over_has_no_renewal() public {
        vm.prank(dataOwner);
        data.revoke(leaseId, 0);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.ENDED));
        data.endRenewal(leaseId);
    }
}
