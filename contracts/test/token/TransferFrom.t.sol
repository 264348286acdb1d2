// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract CreditTransferFromTest is Commons {
    function test_Spending_an_allowance_tells_what_is_left() public {
        vm.prank(supplyHolder);
        vm.assertTrue(credit.approve(address(7), 10));
        vm.expectEmit(wiring.credit);
        emit IERC20.Approval(supplyHolder, address(7), 6);
        vm.expectEmit(wiring.credit);
        emit IERC20.Transfer(supplyHolder, address(8), 4);
        vm.prank(address(7));
        vm.assertTrue(credit.transferFrom(supplyHolder, address(8), 4));
        vm.assertEq(credit.allowance(supplyHolder, address(7)), 6);
        vm.assertEq(credit.balanceOf(address(8)), 4);
    }

    function test_Nobody_spends_more_than_it_was_allowed() public {
        vm.prank(supplyHolder);
        credit.approve(address(7), 3);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(7), 3, 4));
        vm.prank(address(7));
        credit.transferFrom(supplyHolder, address(8), 4);
    }
}
