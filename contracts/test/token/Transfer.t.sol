// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract CreditTransferTest is Commons {
    function test_Credits_change_hands() public {
        uint256 had = credit.balanceOf(supplyHolder);
        vm.expectEmit(wiring.credit);
        emit IERC20.Transfer(supplyHolder, address(7), 10);
        vm.prank(supplyHolder);
        vm.assertTrue(credit.transfer(address(7), 10));
        vm.assertEq(credit.balanceOf(address(7)), 10);
        vm.assertEq(credit.balanceOf(supplyHolder), had - 10);
    }

    function test_Nobody_gives_what_it_has_not() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, address(7), 0, 1));
        vm.prank(address(7));
        credit.transfer(address(8), 1);
    }
}
