// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract ChallengeLeaseTest is DataLeasesCase {
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
        vm.assertEq(court.disputeOf(disputeId).principal, dataOwner);
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
