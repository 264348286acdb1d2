// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract JoinPoolTest is PoolCase {
    function test_Joining_takes_a_slot_locks_and_emits() public {
        address owner = person("newcomer");
        uint256 verifierId = newAgent(owner, STAKED);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierJoined(POOL, verifierId, bytes32(uint256(uint160(owner))));
        uint256 weight = pool.weightNow(verifierId);
        vm.prank(owner);
        pool.join(verifierId);
        vm.assertEq(pool.memberCount(), VERIFIERS + 1);
        vm.assertEq(pool.verifierAt(VERIFIERS), verifierId);
        vm.assertEq(pool.weightOf(verifierId), weight);
        vm.assertEq(uint256(pool.memberOf(verifierId).lastActive), block.timestamp);
        vm.assertEq(registry.locksOf(verifierId), 1);
    }

    function test_Joins_that_are_refused() public {
        uint256 poor = newAgent(client, 99 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StakeTooLow.selector, poor, 99 * CREDITS, 100 * CREDITS));
        vm.prank(client);
        pool.join(poor);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, poor, watcher));
        vm.prank(watcher);
        pool.join(poor);
        address owner = registry.ownerOf(verifiers[0]);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.AlreadyMember.selector, verifiers[0]));
        vm.prank(owner);
        pool.join(verifiers[0]);
    }

    function test_A_full_pool_takes_nobody() public {
        address owner = person("crowd");
        fund(owner, 200_000 * CREDITS);
        vm.startPrank(owner);
        for (uint256 i = VERIFIERS; i < 1024; ++i) {
            uint256 verifierId = registry.register();
            stake.bond(verifierId, 100 * CREDITS);
            pool.join(verifierId);
        }
        uint256 late = registry.register();
        stake.bond(late, 100 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.PoolFull.selector, 1024));
        pool.join(late);
        vm.stopPrank();
        // One owner, one seat, however many names.
        uint256[] memory panel = pool.draw("seed", lot(15));
        uint256 own;
        for (uint256 i; i < panel.length; ++i) {
            if (registry.ownerOf(panel[i]) == owner) ++own;
        }
        vm.assertLe(own, 1);
    }
}
