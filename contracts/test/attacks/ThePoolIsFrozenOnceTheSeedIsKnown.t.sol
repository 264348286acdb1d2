// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 15: joining or refreshing after the seed.
contract ThePoolIsFrozenOnceTheSeedIsKnownTest is Courtroom {
    function test_The_pool_is_frozen_once_the_seed_is_known() public {
        uint256 newcomer = newAgent(person("newcomer"), STAKED);
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock - 1);
        pool.refreshWeight(verifiers[0]);
        vm.roll(seedBlock);
        bytes memory frozen = abi.encodeWithSelector(IVerifierPool.PoolFrozen.selector, uint256(seedBlock) + 64);
        vm.prank(person("newcomer"));
        vm.expectRevert(frozen);
        pool.join(newcomer);
        vm.prank(registry.ownerOf(verifiers[0]));
        vm.expectRevert(frozen);
        pool.leave(verifiers[0]);
        vm.expectRevert(frozen);
        pool.refreshWeight(verifiers[0]);
        vm.expectRevert(frozen);
        pool.evict(verifiers[0]);
        vm.prank(attester);
        vm.expectRevert(frozen);
        pool.attest(verifiers[0], "o", "n", uint64(block.timestamp + 1));
        vm.roll(seedBlock + 1);
        court.draw(disputeId);
        pool.refreshWeight(verifiers[0]);
    }
}
