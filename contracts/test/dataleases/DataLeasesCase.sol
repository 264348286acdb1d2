// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { DataRoom } from "../DataRoom.sol";
import { vm } from "../Vm.sol";

/// @title Leases of one dataset, and where they stand.
abstract contract DataLeasesCase is DataRoom {
    uint256 internal constant PAID = 100 * CREDITS;

    function assertState(uint256 leaseId, LeaseState expected, uint8 cause) internal view {
        vm.assertEq(uint256(data.leaseOf(leaseId).state), uint256(expected), "state");
        vm.assertEq(uint256(data.leaseOf(leaseId).cause), cause, "cause");
    }
}
