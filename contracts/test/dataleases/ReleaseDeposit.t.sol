// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract ReleaseDepositTest is DataLeasesCase {
    function test_The_deposit_goes_home_seven_days_after_the_end() public {
        uint256 leaseId = granted(PAID, 30 days);
        vm.prank(grantee);
        data.release(leaseId);
        uint256 had = creditOf(grantee);
        uint256 deposit = depositOf(leaseId);
        uint256 locks = registry.locksOf(granteeId);
        uint64 from = uint64(block.timestamp + 7 days);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, from, block.timestamp));
        data.releaseDeposit(leaseId);
        vm.warp(from);
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.DataLeaseClosed(leaseId);
        data.releaseDeposit(leaseId);
        assertState(leaseId, LeaseState.CLOSED, 3);
        vm.assertEq(depositOf(leaseId), 0);
        vm.assertEq(creditOf(grantee), had + deposit);
        vm.assertEq(registry.locksOf(granteeId), locks - 1);
    }

    function test_A_deposit_is_released_once_and_not_before_the_lease_ended() public {
        uint256 leaseId = granted(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.ACTIVE));
        data.releaseDeposit(leaseId);
        vm.prank(grantee);
        data.release(leaseId);
        skip(7 days);
        data.releaseDeposit(leaseId);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.CLOSED));
        data.releaseDeposit(leaseId);
    }
}
