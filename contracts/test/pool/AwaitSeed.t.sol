// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { SeedWindows } from "../../src/libraries/SeedWindows.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract AwaitSeedTest is PoolCase {
    function test_Whoever_waits_is_counted_with_its_seed_and_freezes_the_pool_from_there() public {
        uint64 expected = SeedWindows.next(block.number);
        waits(expected, 1);
        waits(expected, 2);
        vm.assertEq(pool.frozenUntil(), 0);
        vm.roll(expected);
        vm.assertEq(pool.frozenUntil(), SeedWindows.end(expected));
        vm.roll(SeedWindows.end(expected));
        vm.assertEq(pool.frozenUntil(), 0);
    }

    function test_Fuzz_a_seed_is_eight_blocks_away_at_least_and_a_window_and_eight_at_most(uint256 number) public {
        number = bound(number, block.number, 1e9);
        vm.roll(number);
        vm.prank(wiring.disputes);
        uint256 seedBlock = pool.awaitSeed();
        vm.assertGe(seedBlock, number + 8);
        vm.assertLt(seedBlock, number + 8 + 128);
        vm.assertEq(seedBlock % 128, 64);
        vm.assertEq(pool.waitingFor(seedBlock), 1);
    }

    function test_Only_modules_wait() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        pool.awaitSeed();
    }

    function waits(uint64 expected, uint256 waiting) private {
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.SeedAwaited(expected, waiting);
        vm.prank(wiring.disputes);
        vm.assertEq(pool.awaitSeed(), expected);
        vm.assertEq(pool.waitingFor(expected), waiting);
    }
}
