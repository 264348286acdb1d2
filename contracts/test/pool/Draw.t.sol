// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Lot } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract DrawPoolTest is PoolCase {
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

    /// @dev Anyone can check a panel: it follows from the weights in the order of the slots, the registry and the attestations.
    function test_A_panel_is_what_anyone_computes_from_weights_owners_and_keys() public {
        endBootstrap();
        for (uint256 i; i < 10; ++i) {
            newVerifier(person(string.concat("unattested ", vm.toString(i))), (i + 1) * STAKED);
        }
        // One shares an organisation, one a network, one is a relative, and one is too poor for the seat.
        attest(verifiers[1], 1);
        vm.prank(attester);
        pool.attest(verifiers[3], bytes32(uint256(4)), bytes32(uint256(3) << 128), uint64(block.timestamp + 1 days));
        newVerifier(client, 50 * STAKED);
        newVerifier(person("poor"), 100 * CREDITS);
        skip(7 days);
        newVerifier(person("young"), 50 * STAKED);
        for (uint256 k; k < 30; ++k) {
            bytes32 seed = keccak256(abi.encode("oracle", k));
            Lot memory one = lot(k % 3 == 0 ? 3 : k % 3 == 1 ? 7 : 15);
            one.seatBond = 200 * CREDITS;
            vm.assertEq(keccak256(abi.encode(pool.draw(seed, one))), keccak256(abi.encode(computed(seed, one))));
        }
    }

    function computed(bytes32 seed, Lot memory one) private view returns (uint256[] memory panel) {
        panel = new uint256[](one.seats);
        uint256 filled;
        uint256 unattested;
        uint256 most = one.seats < 6 ? 1 : one.seats / 3;
        for (uint256 k; k < 32 * one.seats && filled < one.seats; ++k) {
            uint256 found = picked(seed, k, unattested < most);
            (bytes32 orgKey,) = pool.keysOf(found);
            if (!maySit(found, panel, filled, one) || (orgKey == 0 && unattested == most)) continue;
            panel[filled++] = found;
            if (orgKey == 0) ++unattested;
        }
        assembly ("memory-safe") {
            mstore(panel, filled)
        }
    }

    function picked(bytes32 seed, uint256 k, bool withUnattested) private view returns (uint256) {
        uint256 outside = withUnattested ? pool.totalWeight() - pool.attestedWeight() : 0;
        uint256 point = uint256(keccak256(abi.encode(seed, k))) % (outside + pool.attestedWeight());
        return point < outside ? memberUnder(point, false) : memberUnder(point - outside, true);
    }

    function memberUnder(uint256 point, bool attested) private view returns (uint256 verifierId) {
        for (uint256 slot;; ++slot) {
            verifierId = pool.verifierAt(slot);
            if (pool.memberOf(verifierId).attested != attested) continue;
            uint256 weight = pool.weightOf(verifierId);
            if (point < weight) return verifierId;
            point -= weight;
        }
    }

    function maySit(uint256 found, uint256[] memory panel, uint256 filled, Lot memory one) private view returns (bool) {
        if (stakeAt(found) < one.seatBond || block.timestamp < registry.ownerSince(found) + 7 days) return false;
        if (registry.ownerOf(found) == one.principal) return false;
        if (pool.related(found, one.respondentId) || pool.related(found, one.challengerId)) return false;
        (, bytes32 asnKey) = pool.keysOf(found);
        for (uint256 i; i < filled; ++i) {
            (, bytes32 other) = pool.keysOf(panel[i]);
            if (pool.related(found, panel[i]) || (asnKey != 0 && asnKey == other)) return false;
        }
        return true;
    }
}
