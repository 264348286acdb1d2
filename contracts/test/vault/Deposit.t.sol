// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";

contract DepositTest is Economy {
    address internal holder = address(0xA11CE);

    function setUp() public override {
        super.setUp();
        vm.prank(supplyHolder);
        credit.transfer(holder, 100 * CREDITS);
        vm.prank(holder);
        credit.approve(wiring.vault, 100 * CREDITS);
    }

    function test_A_deposit_emits_one_move_and_fills_the_credit_account() public {
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.external_(holder),
            Accounts.credit(holder),
            bytes32(uint256(uint160(holder))),
            40 * CREDITS,
            Reasons.DEPOSIT
        );
        vm.prank(holder);
        vault.deposit(40 * CREDITS);
        vm.assertEq(creditOf(holder), 40 * CREDITS);
        vm.assertEq(credit.balanceOf(holder), 60 * CREDITS);
    }

    function test_A_deposit_of_nothing_is_refused() public {
        vm.expectRevert(IVault.NothingToMove.selector);
        vm.prank(holder);
        vault.deposit(0);
    }

    function test_Fuzz_a_deposit_keeps_the_sum(uint256 amount) public {
        amount = bound(amount, 1, 100 * CREDITS);
        vm.prank(holder);
        vault.deposit(amount);
        vm.assertEq(credit.balanceOf(wiring.vault), amount + balance(Accounts.TREASURY));
    }
}
