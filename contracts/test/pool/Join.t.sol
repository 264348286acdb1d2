// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IVerifierPool, Leaf } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract JoinPoolTest is PoolCase {
    function test_Joining_takes_a_slot_locks_and_emits() public {
        address owner = person("newcomer");
        uint256 verifierId = newAgent(owner, STAKED);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierJoined(POOL, verifierId, bytes32(uint256(uint160(owner))));
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierAdmitted(POOL, verifierId, owner, uint64(block.timestamp), 100 * CREDITS);
        uint256 weight = pool.weightNow(verifierId);
        vm.prank(owner);
        pool.join(verifierId);
        vm.assertEq(pool.memberCount(), VERIFIERS + 1);
        vm.assertEq(pool.verifierAt(VERIFIERS), verifierId);
        vm.assertEq(pool.weightOf(verifierId), weight);
        vm.assertEq(uint256(pool.memberOf(verifierId).lastActive), block.timestamp);
        vm.assertEq(registry.locksOf(verifierId), 1);
        vm.assertEq(pool.leafOf(owner), verifierId);
        vm.assertEq(uint256(pool.memberOf(verifierId).minimum), 100 * CREDITS);
        Leaf memory leaf = pool.leafAt(VERIFIERS);
        vm.assertEq(leaf.owner, owner);
        vm.assertEq(uint256(leaf.verifierId), verifierId);
        vm.assertEq(uint256(leaf.ownerSince), block.timestamp);
        vm.assertEq(uint256(leaf.attestedUntil), 0);
    }

    function test_Whoever_is_attested_joins_the_tree_of_the_attested() public {
        uint256 verifierId = newAgent(person("newcomer"), STAKED);
        attest(verifierId, 77);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierTreeSet(POOL, verifierId, true);
        vm.prank(person("newcomer"));
        pool.join(verifierId);
        vm.assertTrue(pool.memberOf(verifierId).attested);
        vm.assertEq(pool.attestedWeight(), pool.weightOf(verifierId));
        Leaf memory leaf = pool.leafAt(VERIFIERS);
        vm.assertEq(uint256(leaf.organisation), uint104(uint256(keccak256(abi.encode(bytes32(uint256(77)))))));
        vm.assertEq(uint256(leaf.network), uint104(uint256(keccak256(abi.encode(bytes32(uint256(77) << 128))))));
    }

    function test_An_owner_has_one_leaf() public {
        address owner = person("newcomer");
        uint256 first = newVerifier(owner, STAKED);
        uint256 second = newAgent(owner, STAKED);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.OwnerHasLeaf.selector, owner, first));
        vm.prank(owner);
        pool.join(second);
        vm.prank(owner);
        pool.leave(first);
        vm.assertEq(pool.leafOf(owner), 0);
        vm.prank(owner);
        pool.join(second);
        vm.assertEq(pool.leafOf(owner), second);
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
}
