// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @notice A token that calls back into the Vault whenever it is moved, as its holder's accomplice would like it to.
contract HostileToken {
    IVault private immutable VAULT;
    address private immutable HOLDER;
    // The token's own storage stays where it was: its first two words are bases of mappings, and empty.
    uint64 public calls;
    uint64 public successes;
    bool private _attacking;

    constructor(IVault vault, address holder) {
        VAULT = vault;
        HOLDER = holder;
    }

    function transfer(address, uint256 amount) external returns (bool) {
        _attack(amount);
        return true;
    }

    function transferFrom(address, address, uint256 amount) external returns (bool) {
        _attack(amount);
        return true;
    }

    function permit(address, address, uint256 amount, uint256, uint8, bytes32, bytes32) external {
        _attack(amount);
    }

    /// @dev Within the call the Vault has already taken what was asked for, so the same cannot be had again.
    function _attack(uint256 amount) private {
        if (_attacking) return;
        _attacking = true;
        ++calls;
        vm.prank(HOLDER);
        try VAULT.withdraw(amount, HOLDER) {
            ++successes;
        } catch { }
        _attacking = false;
    }
}

contract VaultReentrancyTest is Commons {
    address private holder = address(0xA11CE);

    function etch() private returns (HostileToken hostile) {
        HostileToken original = new HostileToken(vault, holder);
        vm.etch(wiring.credit, address(original).code);
        return HostileToken(wiring.credit);
    }

    function test_A_withdrawal_cannot_be_repeated_from_within() public {
        fund(holder, 100);
        HostileToken hostile = etch();
        uint256 callsBefore = hostile.calls();
        vm.prank(holder);
        vault.withdraw(60, holder);
        vm.assertEq(hostile.calls(), callsBefore + 1);
        vm.assertEq(hostile.successes(), 0);
        vm.assertEq(creditOf(holder), 40);
    }

    function test_All_of_it_twice_is_what_was_there_once() public {
        fund(holder, 100);
        HostileToken hostile = etch();
        uint256 successes = hostile.successes();
        vm.prank(holder);
        vault.withdraw(100, holder);
        vm.assertEq(hostile.successes(), successes);
        vm.assertEq(creditOf(holder), 0);
    }

    function test_A_deposit_credits_what_it_says_whatever_happens_within() public {
        fund(holder, 100);
        etch();
        vm.prank(holder);
        vault.deposit(30);
        // The callback withdrew 30 while the deposit of 30 ran: both are booked, each once.
        vm.assertEq(creditOf(holder), 100);
        vm.assertEq(balance(Accounts.TREASURY), genesis().treasurySupply);
    }

    function test_A_permit_runs_before_anything_is_booked() public {
        fund(holder, 100);
        HostileToken hostile = etch();
        uint256 callsBefore = hostile.calls();
        vm.prank(holder);
        vault.depositWithPermit(30, 0, 0, 0, 0);
        vm.assertEq(hostile.calls(), callsBefore + 2);
        vm.assertEq(hostile.successes(), 2);
        // Two callbacks withdrew 30 each, the deposit of 30 was booked once.
        vm.assertEq(creditOf(holder), 70);
    }
}
