// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IRewards } from "../../src/interfaces/IRewards.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { RewardsCase } from "./RewardsCase.sol";

contract RewardsSweepEraTest is RewardsCase {
    function test_What_nobody_claimed_returns_to_the_treasury() public {
        settle();
        claim(0);
        skip(365 days);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.reward(era, 0), Accounts.TREASURY, bytes32(era), total - amounts[0], Reasons.REFUND);
        rewards.sweepEra(era);
        vm.assertEq(balance(Accounts.reward(era, first)), amounts[0]);
        vm.expectRevert(abi.encodeWithSelector(IRewards.NothingLeft.selector, era));
        rewards.sweepEra(era);
    }

    function test_Not_before_a_year_has_passed() public {
        settle();
        uint64 end = found().vestStart + 365 days;
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, end - 1));
        rewards.sweepEra(era);
    }

    function test_Only_an_accepted_era_is_swept() public {
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, era, 0));
        rewards.sweepEra(era);
    }
}
