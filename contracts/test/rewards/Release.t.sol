// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IRewards } from "../../src/interfaces/IRewards.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { RewardsCase } from "./RewardsCase.sol";

contract RewardsReleaseTest is RewardsCase {
    function setUp() public override {
        super.setUp();
        settle();
        claim(0);
    }

    function test_What_has_vested_goes_to_the_owner() public {
        skip(10 days);
        uint256 expected = amounts[0] * 10 days / 91 days;
        vm.assertEq(rewards.vestedOf(era, first), expected);
        trip(2);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.reward(era, first), Accounts.credit(firstOwner), bytes32(era), expected, Reasons.REWARD
        );
        vm.assertEq(rewards.release(era, first), expected);
        vm.assertEq(rewards.vestedOf(era, first), 0);
        skip(365 days);
        rewards.release(era, first);
        vm.assertEq(creditOf(firstOwner), amounts[0]);
        vm.assertEq(balance(Accounts.reward(era, first)), 0);
    }

    function test_Nothing_vested_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IRewards.NothingVested.selector, era, first));
        rewards.release(era, first);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(IRewards.NothingVested.selector, era, second));
        rewards.release(era, second);
    }

    function test_Fuzz_pokes_change_nothing_in_the_end(uint32[6] memory pauses) public {
        for (uint256 i; i < 6; ++i) {
            skip(pauses[i] % 30 days);
            if (rewards.vestedOf(era, first) != 0) rewards.release(era, first);
            vm.assertEq(creditOf(firstOwner) + balance(Accounts.reward(era, first)), amounts[0]);
        }
        uint256 passed = block.timestamp - found().vestStart;
        uint256 vested = amounts[0] * (passed < 91 days ? passed : 91 days) / 91 days;
        vm.assertEq(creditOf(firstOwner), vested);
    }
}
