// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDataLeases } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract SpendBudgetTest is DataLeasesCase {
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
}
