// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IRewards } from "../../src/interfaces/IRewards.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { EraRewards } from "./EraRewards.sol";
import { RewardsCase } from "./RewardsCase.sol";

contract RewardsClaimTest is RewardsCase {
    function test_Anyone_brings_the_proof_and_the_agent_is_granted() public {
        settle();
        uint64 start = found().vestStart;
        trip(2);
        vm.expectEmit(wiring.rewards);
        emit IRewards.RewardGranted(era, first, amounts[0], start, start + 91 days);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.reward(era, 0), Accounts.reward(era, first), bytes32(era), amounts[0], Reasons.REWARD
        );
        claim(0);
        vm.assertEq(rewards.grantOf(era, first), amounts[0]);
        vm.assertEq(balance(Accounts.reward(era, first)), amounts[0]);
        claim(1);
        claim(2);
        vm.assertEq(balance(Accounts.reward(era, 0)), 0);
    }

    function test_Once_an_agent_and_era() public {
        settle();
        claim(0);
        vm.expectRevert(abi.encodeWithSelector(IRewards.AlreadyGranted.selector, era, first));
        claim(0);
    }

    function test_What_the_tree_does_not_say_is_refused() public {
        settle();
        bytes32[] memory proof = EraRewards.proof(leaves, 0);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongProof.selector, era, 0, first, amounts[0] + 1));
        rewards.claim(era, 0, first, amounts[0] + 1, proof);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongProof.selector, era, 0, second, amounts[0]));
        rewards.claim(era, 0, second, amounts[0], proof);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongProof.selector, era, 1, first, amounts[0]));
        rewards.claim(era, 1, first, amounts[0], proof);
    }

    function test_The_hundred_and_first_has_no_place() public {
        settle();
        vm.expectRevert(abi.encodeWithSelector(IRewards.IndexOutOfBounds.selector, 100, 100));
        rewards.claim(era, 100, first, 1, new bytes32[](0));
    }

    function test_Nothing_is_granted_before_the_root_is_accepted() public {
        post();
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, era, 1));
        rewards.claim(era, 0, first, amounts[0], new bytes32[](0));
    }

    function test_After_a_year_it_is_too_late() public {
        settle();
        uint64 end = found().vestStart + 365 days;
        vm.warp(end);
        bytes32[] memory proof = EraRewards.proof(leaves, 0);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, end, end));
        rewards.claim(era, 0, first, amounts[0], proof);
    }
}
