// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";

contract DepositForTest is Economy {
    address internal payer = address(0xA11CE);
    address internal holder = address(0xB0B);

    function setUp() public override {
        super.setUp();
        vm.prank(supplyHolder);
        credit.transfer(payer, 100 * CREDITS);
        vm.prank(payer);
        credit.approve(wiring.vault, 100 * CREDITS);
    }

    function test_A_deposit_for_somebody_fills_that_account_from_the_payers_wallet() public {
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.external_(payer),
            Accounts.credit(holder),
            bytes32(uint256(uint160(payer))),
            40 * CREDITS,
            Reasons.DEPOSIT
        );
        vm.prank(payer);
        vault.depositFor(holder, 40 * CREDITS);
        vm.assertEq(creditOf(holder), 40 * CREDITS);
        vm.assertEq(creditOf(payer), 0);
        vm.assertEq(credit.balanceOf(payer), 60 * CREDITS);
    }

    function test_Nothing_and_nobody_are_refused() public {
        vm.startPrank(payer);
        vm.expectRevert(IVault.NothingToMove.selector);
        vault.depositFor(holder, 0);
        vm.expectRevert(IVault.ZeroRecipient.selector);
        vault.depositFor(address(0), 1);
        vm.stopPrank();
    }
}
