// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IStake } from "../../src/interfaces/IStake.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract ReleaseTest is Market {
    function test_Anyone_releases_to_the_owner() public {
        vm.prank(owners[0]);
        stake.unbond(agents[0], 300 * CREDITS);
        skip(14 days);
        vm.expectEmit(wiring.stake);
        emit IStake.UnbondingEnded(1, agents[0]);
        vm.prank(person("anyone"));
        stake.release(1);
        vm.assertEq(creditOf(owners[0]), 300 * CREDITS);
        vm.assertEq(balance(Accounts.unbonding(1)), 0);
        vm.assertEq(stake.unbondingOf(1).agentId, 0);
        vm.assertEq(stake.unbondingsOf(agents[0]).length, 0);
    }

    function test_An_early_release_is_refused() public {
        vm.prank(owners[0]);
        stake.unbond(agents[0], 300 * CREDITS);
        uint64 releaseAt = uint64(block.timestamp + 14 days);
        skip(14 days - 1);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, releaseAt, block.timestamp));
        stake.release(1);
    }

    function test_An_unknown_or_released_unbonding_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IStake.UnknownUnbonding.selector, 1));
        stake.release(1);
        vm.prank(owners[0]);
        stake.unbond(agents[0], 1);
        skip(14 days);
        stake.release(1);
        vm.expectRevert(abi.encodeWithSelector(IStake.UnknownUnbonding.selector, 1));
        stake.release(1);
    }

    function test_Fuzz_any_order_of_releases_keeps_the_rest(uint256 seed) public {
        vm.startPrank(owners[0]);
        for (uint256 i; i < 8; ++i) {
            stake.unbond(agents[0], i + 1);
        }
        vm.stopPrank();
        skip(14 days);
        uint256 sum;
        while (stake.unbondingsOf(agents[0]).length != 0) {
            uint256[] memory ids = stake.unbondingsOf(agents[0]);
            for (uint256 i = 1; i < ids.length; ++i) {
                vm.assertLt(ids[i - 1], ids[i]);
            }
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 id = ids[seed % ids.length];
            sum += id;
            stake.release(id);
            vm.assertEq(creditOf(owners[0]), sum);
        }
        vm.assertEq(sum, 36);
    }
}
