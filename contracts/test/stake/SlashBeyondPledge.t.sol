// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IStake } from "../../src/interfaces/IStake.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract SlashBeyondPledgeTest is Market {
    function slash(uint256 owed) internal returns (uint256) {
        vm.prank(wiring.disputes);
        return stake.slashBeyondPledge(agents[0], owed, bytes32(uint256(5)));
    }

    function test_Free_stake_burns_first() public {
        vm.prank(owners[0]);
        stake.unbond(agents[0], 400 * CREDITS);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.stake(agents[0]), Accounts.BURN, bytes32(uint256(5)), 600 * CREDITS, Reasons.SLASH_BURN
        );
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.unbonding(1), Accounts.BURN, bytes32(uint256(5)), CREDITS, Reasons.SLASH_BURN);
        vm.assertEq(slash(601 * CREDITS), 601 * CREDITS);
        vm.assertEq(balance(Accounts.unbonding(1)), 399 * CREDITS);
    }

    function test_An_emptied_unbonding_is_over() public {
        vm.startPrank(owners[0]);
        stake.unbond(agents[0], 500 * CREDITS);
        stake.unbond(agents[0], 500 * CREDITS);
        vm.stopPrank();
        vm.expectEmit(wiring.stake);
        emit IStake.UnbondingEnded(1, agents[0]);
        vm.assertEq(slash(700 * CREDITS), 700 * CREDITS);
        vm.assertEq(stake.unbondingsOf(agents[0]).length, 1);
        vm.assertEq(stake.unbondingsOf(agents[0])[0], 2);
        vm.assertEq(balance(Accounts.BURN), 700 * CREDITS);
    }

    function test_Fuzz_what_is_missing_is_forgiven(uint256 owed, uint256 unbonding) public {
        owed = bound(owed, 0, 3_000 * CREDITS);
        unbonding = bound(unbonding, 1, 1_000 * CREDITS);
        vm.prank(owners[0]);
        stake.unbond(agents[0], unbonding);
        uint256 burned = slash(owed);
        vm.assertEq(burned, owed < 1_000 * CREDITS ? owed : 1_000 * CREDITS);
        vm.assertEq(balance(Accounts.BURN), burned);
        vm.assertEq(stakeOf(0) + balance(Accounts.unbonding(1)), 1_000 * CREDITS - burned);
    }

    function test_Only_the_court_and_the_market_slash() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        stake.slashBeyondPledge(agents[0], 1, 0);
    }
}
