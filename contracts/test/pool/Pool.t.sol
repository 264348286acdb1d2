// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IVerifierPool, Lot } from "../../src/interfaces/IVerifierPool.sol";
import { Module } from "../../src/Module.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

contract PoolTest is Courtroom {
    bytes32 internal constant POOL = "verification";

    function lot(uint256 seats) internal view returns (Lot memory) {
        return Lot(seats, 10 * CREDITS, watcherId, makerId, client);
    }

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

    function test_Leaving_moves_the_last_into_the_slot() public {
        uint256 last = verifiers[VERIFIERS - 1];
        uint256 weight = pool.weightOf(last);
        address owner = registry.ownerOf(verifiers[2]);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierLeft(POOL, verifiers[2], 1);
        vm.prank(owner);
        pool.leave(verifiers[2]);
        vm.assertEq(pool.verifierAt(2), last);
        vm.assertEq(pool.weightOf(last), weight);
        vm.assertEq(pool.weightOf(verifiers[2]), 0);
        vm.assertEq(pool.memberCount(), VERIFIERS - 1);
        vm.assertEq(registry.locksOf(verifiers[2]), 0);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotMember.selector, verifiers[2]));
        vm.prank(owner);
        pool.leave(verifiers[2]);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, last, client));
        vm.prank(client);
        pool.leave(last);
        owner = registry.ownerOf(verifiers[14]);
        vm.prank(owner);
        pool.leave(verifiers[14]);
        vm.assertEq(pool.verifierAt(14), 0);
    }

    function test_A_member_below_the_minimum_can_be_removed() public {
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, verifiers[0]));
        pool.evict(verifiers[0]);
        address owner = registry.ownerOf(verifiers[0]);
        vm.prank(owner);
        stake.unbond(verifiers[0], STAKED - 99 * CREDITS);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierLeft(POOL, verifiers[0], 3);
        pool.evict(verifiers[0]);
        vm.assertFalse(pool.isMember(verifiers[0]));
    }

    function test_A_refresh_follows_the_stake() public {
        uint256 before = pool.weightOf(verifiers[0]);
        bondAgent(verifiers[0], 3 * STAKED);
        vm.assertEq(pool.weightOf(verifiers[0]), before);
        pool.refreshWeight(verifiers[0]);
        vm.assertGe(pool.weightOf(verifiers[0]), 2 * before - before / 1000);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotMember.selector, makerId));
        pool.refreshWeight(makerId);
    }

    function test_A_vote_makes_active() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 voter = seatOf(disputeId, 0).verifierId;
        commitSeat(disputeId, 0, 1);
        vm.warp(current(disputeId).commitEnd);
        revealSeat(disputeId, 0, 1);
        vm.assertEq(uint256(pool.memberOf(voter).lastActive), block.timestamp);
        uint256 weight = pool.weightOf(voter);
        // In a freeze the activity counts and the leaf waits.
        commitLate();
        vm.assertEq(pool.weightOf(voter), weight);
    }

    function commitLate() internal {
        uint256 voter = verifiers[0];
        uint64 seedBlock;
        vm.prank(wiring.disputes);
        seedBlock = pool.awaitSeed();
        vm.roll(seedBlock);
        skip(1 days);
        uint256 weight = pool.weightOf(voter);
        vm.prank(wiring.disputes);
        pool.touch(voter);
        vm.assertEq(pool.weightOf(voter), weight);
        vm.assertEq(uint256(pool.memberOf(voter).lastActive), block.timestamp);
        vm.prank(wiring.disputes);
        pool.touch(makerId);
        vm.assertFalse(pool.isMember(makerId));
        vm.prank(wiring.disputes);
        pool.stopAwaiting(seedBlock);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NobodyWaits.selector, seedBlock));
        vm.prank(wiring.disputes);
        pool.stopAwaiting(seedBlock);
    }

    function test_Only_modules_wait_and_touch() public {
        bytes memory stranger = abi.encodeWithSelector(Module.OnlyModule.selector, address(this));
        vm.expectRevert(stranger);
        pool.awaitSeed();
        vm.expectRevert(stranger);
        pool.stopAwaiting(1);
        vm.expectRevert(stranger);
        pool.touch(1);
    }

    function test_An_attestation_is_recorded_and_expires() public {
        uint64 until = uint64(block.timestamp + 10 days);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierAttested(verifiers[0], attester, "org", "asn", until);
        vm.prank(attester);
        pool.attest(verifiers[0], "org", "asn", until);
        (bytes32 orgKey, bytes32 asnKey) = pool.keysOf(verifiers[0]);
        vm.assertEq(orgKey, "org");
        vm.assertEq(asnKey, "asn");
        vm.assertEq(pool.attestationOf(verifiers[0]).attester, attester);
        vm.assertTrue(pool.hasJoined("org"));
        vm.warp(until);
        (orgKey, asnKey) = pool.keysOf(verifiers[0]);
        vm.assertEq(orgKey, 0);
        vm.assertEq(asnKey, 0);
        // Taking it back: a time that has passed, no keys needed.
        vm.prank(attester);
        pool.attest(verifiers[0], 0, 0, 0);
    }

    function test_Attestations_that_are_refused() public {
        uint64 latest = uint64(block.timestamp + 180 days);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.ValidTooLong.selector, latest + 1, latest));
        vm.prank(attester);
        pool.attest(verifiers[0], "o", "a", latest + 1);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.KeysMissing.selector, verifiers[0]));
        vm.prank(attester);
        pool.attest(verifiers[0], "o", 0, latest);
        vm.expectRevert();
        vm.prank(attester);
        pool.attest(999_999, "o", "a", latest);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector, client, pool.ATTESTER_ROLE()
            )
        );
        vm.prank(client);
        pool.attest(verifiers[0], "o", "a", latest);
    }

    function test_The_timelock_names_attesters() public {
        bytes32 role = pool.ATTESTER_ROLE();
        vm.prank(wiring.timelock);
        pool.grantRole(role, client);
        vm.assertTrue(pool.hasRole(role, client));
        vm.prank(wiring.timelock);
        pool.revokeRole(role, attester);
        vm.assertFalse(pool.hasRole(role, attester));
    }

    function test_The_bootstrap_ends_with_fifteen_organisations_for_good() public {
        for (uint256 i; i < 15; ++i) {
            vm.assertFalse(pool.bootstrapped());
            attest(verifiers[i], i + 1);
            // The same organisation again counts once.
            attest(verifiers[i], i + 1);
        }
        vm.assertTrue(pool.bootstrapped());
        vm.assertEq(pool.organisationCount(), 15);
        skip(200 days);
        vm.assertTrue(pool.bootstrapped());
        // An attestation before joining counts when it joins.
        uint256 verifierId = newAgent(person("late"), STAKED);
        attest(verifierId, 99);
        vm.assertEq(pool.organisationCount(), 15);
        vm.prank(person("late"));
        pool.join(verifierId);
        vm.assertEq(pool.organisationCount(), 16);
    }

    function test_A_panel_has_one_seat_per_owner_organisation_and_network() public {
        endBootstrap();
        // Verifiers 0 and 1 now share an organisation, 2 and 3 a network.
        attest(verifiers[1], 1);
        vm.prank(attester);
        pool.attest(verifiers[3], bytes32(uint256(4)), bytes32(uint256(3) << 128), uint64(block.timestamp + 1 days));
        for (uint256 k; k < 40; ++k) {
            uint256[] memory panel = pool.draw(keccak256(abi.encode(k)), lot(7));
            vm.assertFalse(has(panel, verifiers[0]) && has(panel, verifiers[1]), "organisation");
            vm.assertFalse(has(panel, verifiers[2]) && has(panel, verifiers[3]), "network");
        }
    }

    function test_Relatives_are_never_seated() public {
        endBootstrap();
        attest(makerId, 1);
        attest(watcherId, 2);
        uint256 ofClient = newVerifier(client, 100 * STAKED);
        uint256 ofMaker = newVerifier(maker, 100 * STAKED);
        uint256 ofWatcher = newVerifier(watcher, 100 * STAKED);
        skip(7 days);
        uint256 young = newVerifier(person("young"), 100 * STAKED);
        for (uint256 k; k < 40; ++k) {
            uint256[] memory panel = pool.draw(keccak256(abi.encode(k)), lot(7));
            vm.assertFalse(has(panel, ofClient) || has(panel, ofMaker) || has(panel, ofWatcher), "owner");
            vm.assertFalse(has(panel, verifiers[0]) || has(panel, verifiers[1]), "organisation of a party");
            vm.assertFalse(has(panel, young), "owner for less than seven days");
        }
    }

    function test_Who_cannot_afford_the_seat_is_passed_over() public {
        Lot memory dear = lot(15);
        dear.seatBond = STAKED + 1;
        vm.assertEq(pool.draw("seed", dear).length, 0);
        bondAgent(verifiers[5], 1);
        uint256[] memory panel = pool.draw("seed", dear);
        vm.assertEq(panel.length, 1);
        vm.assertEq(panel[0], verifiers[5]);
    }

    function test_The_same_seed_draws_the_same_panel() public view {
        vm.assertEq(pool.draw("seed", lot(7)), pool.draw("seed", lot(7)));
    }

    function test_Related_agents() public {
        vm.assertFalse(pool.related(makerId, watcherId));
        vm.assertTrue(pool.related(makerId, makerId));
    }

    function has(uint256[] memory panel, uint256 verifierId) internal pure returns (bool) {
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == verifierId) return true;
        }
        return false;
    }
}

contract EmptyPoolTest is Courtroom {
    function seatedAtStart() internal pure override returns (uint256) {
        return 0;
    }

    function test_An_empty_pool_draws_nobody() public view {
        vm.assertEq(pool.draw("seed", Lot(3, 1, watcherId, makerId, client)).length, 0);
    }
}
