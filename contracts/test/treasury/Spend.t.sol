// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract TreasurySpendTest is Commons {
    function test_The_timelock_spends() public {
        uint256 before = treasury.funds();
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.TREASURY, Accounts.credit(address(7)), "why", 5, Reasons.SPEND);
        vm.prank(wiring.timelock);
        treasury.spend(address(7), 5, "why");
        vm.assertEq(creditOf(address(7)), 5);
        vm.assertEq(treasury.funds(), before - 5);
    }

    function test_Nobody_else_spends() public {
        address[3] memory others = [wiring.governor, wiring.council, address(this)];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITreasury.OnlyTimelock.selector, others[i]));
            vm.prank(others[i]);
            treasury.spend(address(7), 5, "why");
        }
    }

    function test_Nobody_is_no_recipient() public {
        vm.expectRevert(ITreasury.ZeroRecipient.selector);
        vm.prank(wiring.timelock);
        treasury.spend(address(0), 5, "why");
    }

    function test_More_than_there_is_is_refused() public {
        uint256 all = treasury.funds();
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        vm.prank(wiring.timelock);
        treasury.spend(address(7), all + 1, "why");
    }
}
