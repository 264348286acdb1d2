// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

/// @notice A full pool: the lighter gives way to the heavier.
contract DisplaceTest is PoolCase {
    uint256 private light;

    function setUp() public override {
        super.setUp();
        fill();
        light = pool.leafOf(crowd(1_000));
    }

    function displace(uint256 verifierId, uint256 lighterId) private {
        address owner = registry.ownerOf(verifierId);
        vm.prank(owner);
        pool.displace(verifierId, lighterId);
    }

    function test_A_heavier_newcomer_takes_the_place_of_a_lighter_member() public {
        address owner = person("newcomer");
        uint256 verifierId = newAgent(owner, 101 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.PoolFull.selector, 1024));
        vm.prank(owner);
        pool.join(verifierId);

        uint256 weight = pool.weightOf(light);
        uint256 last = pool.verifierAt(1023);
        uint256 slot = pool.memberOf(light).place - 1;
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierLeft(POOL, light, 5);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierJoined(POOL, verifierId, bytes32(uint256(uint160(owner))));
        displace(verifierId, light);
        vm.assertEq(pool.memberCount(), 1024);
        vm.assertFalse(pool.isMember(light));
        vm.assertEq(pool.leafOf(crowd(1_000)), 0);
        vm.assertEq(pool.verifierAt(slot), last);
        vm.assertEq(pool.verifierAt(1023), verifierId);
        vm.assertGt(pool.weightOf(verifierId), weight);
        vm.assertEq(registry.locksOf(light), 0);
        vm.assertEq(registry.locksOf(verifierId), 1);
        vm.assertEq(stakeAt(light), 100 * CREDITS, "whoever gives way keeps its stake");
    }

    function test_An_equal_or_lighter_newcomer_is_refused() public {
        uint256 equal = newAgent(person("newcomer"), 100 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotHeavier.selector, equal, light));
        vm.prank(person("newcomer"));
        pool.displace(equal, light);
        // A member whose stake has grown weighs what it would if its leaf were written now.
        bondAgent(light, 2 * CREDITS);
        bondAgent(equal, 1 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotHeavier.selector, equal, light));
        vm.prank(person("newcomer"));
        pool.displace(equal, light);
    }

    function test_The_attested_come_before_the_unattested() public {
        uint256 attestedId = newAgent(person("attested"), 100 * CREDITS);
        uint256 heavy = newAgent(person("heavy"), 100 * STAKED);
        attest(attestedId, 77);
        uint256 unattested = verifiers[3];
        // 100 credits with an attestation before 1,000 without.
        displace(attestedId, unattested);
        vm.assertFalse(pool.isMember(unattested));
        vm.assertTrue(pool.memberOf(attestedId).attested);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotHeavier.selector, heavy, attestedId));
        vm.prank(person("heavy"));
        pool.displace(heavy, attestedId);
        // Once its attestation is over, it is one of the others.
        skip(180 days);
        displace(heavy, attestedId);
    }

    function test_Displacements_that_are_refused() public {
        uint256 verifierId = newAgent(person("newcomer"), STAKED);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotMember.selector, makerId));
        vm.prank(person("newcomer"));
        pool.displace(verifierId, makerId);
        vm.expectRevert();
        vm.prank(client);
        pool.displace(verifierId, light);
        address owner = registry.ownerOf(verifiers[0]);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.AlreadyMember.selector, verifiers[0]));
        vm.prank(owner);
        pool.displace(verifiers[0], light);
        // An owner that has a leaf already cannot take another's place with a second agent.
        uint256 second = newAgent(owner, 10 * STAKED);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.OwnerHasLeaf.selector, owner, verifiers[0]));
        vm.prank(owner);
        pool.displace(second, light);
        // But its own agent may give way to it.
        displace(second, verifiers[0]);
        vm.assertEq(pool.leafOf(owner), second);
        uint256 leaving = pool.leafOf(crowd(1_001));
        vm.prank(crowd(1_001));
        pool.leave(leaving);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.PoolNotFull.selector, 1023));
        vm.prank(person("newcomer"));
        pool.displace(verifierId, light);
    }

    function test_Nobody_gives_way_with_an_open_seat_or_in_a_freeze() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint256 heavy = newAgent(person("heavy"), 1_000 * STAKED);
        vm.roll(current(disputeId).seedBlock);
        bytes memory frozen = abi.encodeWithSelector(IVerifierPool.PoolFrozen.selector, pool.frozenUntil());
        vm.expectRevert(frozen);
        vm.prank(person("heavy"));
        pool.displace(heavy, light);
        vm.roll(block.number + 1);
        court.draw(disputeId);
        uint256 seatedId = seatOf(disputeId, 0).verifierId;
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.SeatsOpen.selector, seatedId, 1));
        vm.prank(person("heavy"));
        pool.displace(heavy, seatedId);
    }
}
