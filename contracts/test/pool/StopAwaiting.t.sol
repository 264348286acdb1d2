// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { SeedWindows } from "../../src/libraries/SeedWindows.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract StopAwaitingTest is PoolCase {
    function test_The_pool_thaws_when_the_last_one_has_drawn() public {
        vm.startPrank(wiring.disputes);
        uint64 seedBlock = pool.awaitSeed();
        pool.awaitSeed();
        vm.stopPrank();
        vm.roll(seedBlock);
        stops(seedBlock, 1);
        vm.assertEq(pool.frozenUntil(), SeedWindows.end(seedBlock));
        stops(seedBlock, 0);
        vm.assertEq(pool.frozenUntil(), 0);
    }

    function test_Where_nobody_waits_nobody_stops() public {
        vm.prank(wiring.disputes);
        uint64 seedBlock = pool.awaitSeed();
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NobodyWaits.selector, seedBlock + 128));
        vm.prank(wiring.disputes);
        pool.stopAwaiting(seedBlock + 128);
        stops(seedBlock, 0);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NobodyWaits.selector, seedBlock));
        vm.prank(wiring.disputes);
        pool.stopAwaiting(seedBlock);
    }

    function test_Only_modules_stop() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        pool.stopAwaiting(1);
    }

    function stops(uint64 seedBlock, uint256 waiting) private {
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.SeedAwaited(seedBlock, waiting);
        vm.prank(wiring.disputes);
        pool.stopAwaiting(seedBlock);
        vm.assertEq(pool.waitingFor(seedBlock), waiting);
    }
}
