// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { DataLease, IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { DataRoom } from "../DataRoom.sol";
import { vm } from "../Vm.sol";

contract DataLeasesTest is DataRoom {
    uint256 internal constant PAID = 100 * CREDITS;

    function assertState(uint256 leaseId, LeaseState expected, uint8 cause) internal view {
        vm.assertEq(uint256(data.leaseOf(leaseId).state), uint256(expected), "state");
        vm.assertEq(uint256(data.leaseOf(leaseId).cause), cause, "cause");
    }

    function test_A_manifest_names_a_dataset_of_its_owner() public {
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.ConsentManifestSet(datasetId, dataOwnerId, "two", 2, "ipfs://two");
        vm.prank(dataOwner);
        vm.assertEq(data.setManifest(dataOwnerId, NAME, "two", "ipfs://two"), datasetId);
        vm.assertEq(uint256(data.datasetOf(datasetId).version), 2);
        vm.assertEq(uint256(data.supersededAt(datasetId, 1)), block.timestamp);
        vm.expectRevert(IDataLeases.ZeroManifest.selector);
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, dataOwnerId, grantee));
        vm.prank(grantee);
        data.setManifest(dataOwnerId, NAME, "three", "");
    }

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

    function test_Only_the_owner_grants_in_time() public {
        uint256 leaseId = requested(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OnlyDataOwner.selector, datasetId, grantee));
        vm.prank(grantee);
        data.grant(leaseId);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseGranted(leaseId, MANIFEST, uint64(block.timestamp + 30 days));
        grantIt(leaseId);
        assertState(leaseId, LeaseState.ACTIVE, 0);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.NoRenewal.selector, leaseId));
        grantIt(leaseId);
        leaseId = requested(PAID, 30 days);
        uint64 until = data.leaseOf(leaseId).requestUntil;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, until, until));
        grantIt(leaseId);
    }

    function test_A_denied_request_gives_everything_back() public {
        uint256 had = creditOf(grantee);
        uint256 leaseId = requested(PAID, 30 days);
        vm.prank(dataOwner);
        data.deny(leaseId, "no");
        vm.assertEq(creditOf(grantee), had);
        assertState(leaseId, LeaseState.CLOSED, 1);
        vm.assertEq(registry.locksOf(granteeId), 0);
    }

    function test_A_released_request_gives_everything_back() public {
        uint256 had = creditOf(grantee);
        uint256 leaseId = requested(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, granteeId, client));
        vm.prank(client);
        data.release(leaseId);
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(grantee), had);
        assertState(leaseId, LeaseState.CLOSED, 3);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.CLOSED));
        vm.prank(grantee);
        data.release(leaseId);
    }

    function test_A_new_manifest_ends_the_consent_when_it_appeared() public {
        uint256 leaseId = granted(PAID, 30 days);
        uint256 owner = creditOf(dataOwner);
        skip(3 days);
        vm.prank(dataOwner);
        data.setManifest(dataOwnerId, NAME, "two", "");
        skip(5 days);
        vm.expectRevert();
        vm.prank(dataOwner);
        data.spend(leaseId, 1);
        data.endLease(leaseId);
        assertState(leaseId, LeaseState.ENDED, 5);
        vm.assertEq(creditOf(dataOwner), owner + 9.9e18);
        vm.assertEq(uint256(data.leaseOf(leaseId).endedAt), block.timestamp - 5 days);
    }

    function test_Endings_that_are_refused() public {
        uint256 leaseId = granted(PAID, 30 days);
        uint64 expiresAt = uint64(block.timestamp + 30 days);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, expiresAt, block.timestamp));
        data.endLease(leaseId);
        vm.warp(expiresAt);
        data.endLease(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.ENDED));
        data.endLease(leaseId);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, expiresAt + 7 days, block.timestamp));
        data.releaseDeposit(leaseId);
    }

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

    function test_Spends_sum_up_and_stop_at_the_budget() public {
        uint256 leaseId = granted(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.BudgetExceeded.selector, datasetId, 1, 0));
        vm.prank(dataOwner);
        data.spend(leaseId, 1);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.PrivacyBudgetSet(datasetId, 100);
        vm.prank(dataOwner);
        data.setBudget(datasetId, 100);
        vm.prank(dataOwner);
        data.spend(leaseId, 60);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.PrivacySpent(datasetId, leaseId, 40, 100);
        vm.prank(dataOwner);
        data.spend(leaseId, 40);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.BudgetExceeded.selector, datasetId, 101, 100));
        vm.prank(dataOwner);
        data.spend(leaseId, 1);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OnlyDataOwner.selector, datasetId, grantee));
        vm.prank(grantee);
        data.spend(leaseId, 0);
        vm.assertEq(uint256(data.datasetOf(datasetId).spent), 100);
    }

    function test_A_breach_costs_the_deposit_and_ends_the_lease() public {
        uint256 leaseId = granted(PAID, 30 days);
        skip(3 days);
        uint256 owner = creditOf(dataOwner);
        uint256 disputeId = openBreach(leaseId);
        vm.assertEq(court.termsOf(disputeId).bond, 20 * CREDITS);
        vm.assertEq(depositOf(leaseId), 0);
        vm.prank(grantee);
        court.concede(disputeId);
        // 10 of the pot, and a tenth of the price less the fee.
        vm.assertEq(creditOf(dataOwner), owner + 10 * CREDITS + 9.9e18);
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

    function test_A_breach_can_be_brought_for_seven_days_after_the_end() public {
        uint256 leaseId = granted(PAID, 30 days);
        skip(30 days);
        data.endLease(leaseId);
        skip(7 days - 1);
        uint256 disputeId = openBreach(leaseId);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.UnderDispute.selector, leaseId, disputeId));
        data.releaseDeposit(leaseId);
        vm.prank(dataOwner);
        court.withdraw(disputeId);
        vm.expectRevert();
        openBreach(leaseId);
        data.releaseDeposit(leaseId);
        vm.assertEq(depositOf(leaseId), 0);
    }

    function test_Breaches_that_are_refused() public {
        uint256 leaseId = requested(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.REQUESTED));
        openBreach(leaseId);
        grantIt(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OnlyDataOwner.selector, datasetId, watcher));
        openByWatcher(5, leaseId);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OnlyDataOwner.selector, datasetId, client));
        openByClient(5, leaseId);
        vm.prank(dataOwner);
        uint256 disputeId = court.open(5, leaseId, 0, CLAIM);
        vm.assertEq(court.termsOf(disputeId).principal, dataOwner);
        bytes memory stranger = abi.encodeWithSelector(Module.OnlyModule.selector, address(this));
        vm.expectRevert(stranger);
        data.challenge(leaseId, 5, 1, 0, dataOwner);
        vm.expectRevert(stranger);
        data.rule(leaseId, 5, 1, 1, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongKind.selector, 6));
        vm.prank(wiring.disputes);
        data.challenge(leaseId, 6, 1, 0, dataOwner);
    }
}
