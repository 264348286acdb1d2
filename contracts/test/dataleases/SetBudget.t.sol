// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract SetBudgetTest is DataLeasesCase {
    function test_The_owner_of_the_data_sets_the_budget() public {
        vm.expectEmit(wiring.dataLeases);
        emit IDataLeases.PrivacyBudgetSet(datasetId, 100);
        vm.prank(dataOwner);
        data.setBudget(datasetId, 100);
        vm.assertEq(uint256(data.datasetOf(datasetId).budget), 100);
        vm.assertEq(uint256(data.datasetOf(datasetId).spent), 0);
    }

    function test_A_budget_below_what_was_spent_stops_all_spending() public {
        uint256 leaseId = granted(PAID, 30 days);
        vm.startPrank(dataOwner);
        data.setBudget(datasetId, 100);
        data.spend(leaseId, 60);
        data.setBudget(datasetId, 10);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.BudgetExceeded.selector, datasetId, 61, 10));
        data.spend(leaseId, 1);
        vm.stopPrank();
        vm.assertEq(uint256(data.datasetOf(datasetId).spent), 60);
    }

    function test_Nobody_else_sets_the_budget() public {
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.OnlyDataOwner.selector, datasetId, grantee));
        vm.prank(grantee);
        data.setBudget(datasetId, 100);
    }
}
