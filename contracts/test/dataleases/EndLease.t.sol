// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract EndLeaseTest is DataLeasesCase {
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
}
