// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract VaultWithdrawTest is Commons {
    address private holder = address(0xA11CE);

    function setUp() public override {
        super.setUp();
        fund(holder, 100);
    }

    function test_A_withdrawal_sends_tokens_even_under_a_tripped_breaker() public {
        trip(2);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(holder),
            Accounts.external_(address(7)),
            bytes32(uint256(uint160(holder))),
            40,
            Reasons.WITHDRAW
        );
        vm.prank(holder);
        vault.withdraw(40, address(7));
        vm.assertEq(creditOf(holder), 60);
        vm.assertEq(credit.balanceOf(address(7)), 40);
    }

    function test_More_than_there_is_nothing_and_nobody_are_refused() public {
        vm.startPrank(holder);
        vm.expectRevert(abi.encodeWithSelector(IVault.InsufficientBalance.selector, Accounts.credit(holder), 101, 100));
        vault.withdraw(101, holder);
        vm.expectRevert(IVault.NothingToMove.selector);
        vault.withdraw(0, holder);
        vm.expectRevert(IVault.ZeroRecipient.selector);
        vault.withdraw(1, address(0));
    }

    function test_Fuzz_what_goes_in_comes_out(uint256 amount, uint256 out) public {
        amount = bound(amount, 1, 1_000_000 * CREDITS);
        out = bound(out, 1, amount);
        address other = address(0xB0B);
        fund(other, amount);
        vm.prank(other);
        vault.withdraw(out, other);
        vm.assertEq(creditOf(other) + credit.balanceOf(other), amount);
        vm.assertEq(credit.balanceOf(wiring.vault), amount - out + 100 + balance(Accounts.TREASURY));
    }
}
