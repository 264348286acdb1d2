// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 27: decaying faster or slower by poking.
contract ReadingNeverChangesAScoreTest is Market {
    function test_Fuzz_reading_never_changes_a_score(uint256 seed) public {
        vm.startPrank(wiring.disputes);
        reputation.add(agents[0], DOMAIN, 0, 17e6, 1);
        reputation.add(agents[1], DOMAIN, 0, 17e6, 1);
        vm.stopPrank();
        for (uint256 i; i < 10; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            skip(seed % 20 days);
            reputation.scoreOf(agents[0], DOMAIN);
            // Adding nothing is no way to touch a score either.
            vm.prank(wiring.disputes);
            reputation.add(agents[0], DOMAIN, 0, 0, 1);
        }
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), reputation.scoreOf(agents[1], DOMAIN));
        vm.assertEq(reputation.lastActiveOf(agents[0], DOMAIN), reputation.lastActiveOf(agents[1], DOMAIN));
    }

    function test_Reading_never_changes_a_score() public {
        vm.prank(wiring.disputes);
        reputation.add(agents[0], DOMAIN, 0, 10e6, 1);
        vm.record();
        skip(45 days);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 7_071_067);
        skip(45 days);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 5_000_000);
        (, bytes32[] memory writes) = vm.accesses(wiring.reputation);
        vm.assertEq(writes.length, 0);
    }
}
