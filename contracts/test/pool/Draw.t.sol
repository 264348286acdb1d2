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
}
