// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "../pool/PoolCase.sol";

/// @notice Attack 56: one owner with 1,009 agents fills the pool, newcomers find no place, and draws find no panel.
contract OneOwnerCannotFillThePoolTest is PoolCase {
    function test_One_owner_cannot_fill_the_pool() public {
        address owner = person("hoarder");
        uint256 first = newVerifier(owner, 100 * CREDITS);
        for (uint256 i; i < 3; ++i) {
            uint256 more = newAgent(owner, 100 * CREDITS);
            vm.expectRevert(abi.encodeWithSelector(IVerifierPool.OwnerHasLeaf.selector, owner, first));
            vm.prank(owner);
            pool.join(more);
        }
        vm.assertEq(pool.memberCount(), VERIFIERS + 1);
    }

    /// @dev With a thousand addresses it can still fill the pool, for 100 credits each: whoever has more takes a place.
    function test_A_crowd_of_the_least_gives_way_to_whoever_has_more() public {
        fill();
        address owner = person("newcomer");
        uint256 newcomer = newAgent(owner, 101 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.PoolFull.selector, 1024));
        vm.prank(owner);
        pool.join(newcomer);
        uint256 light = pool.leafOf(crowd(1_023));
        vm.prank(owner);
        pool.displace(newcomer, light);
        vm.assertTrue(pool.isMember(newcomer));
        vm.assertFalse(pool.isMember(light));
    }

    /// @dev 1,008 unattested members weigh twenty times the sixteen honest: 128 of 200 draws of 15 were short before the
    ///      unattested had a tree of their own.
    function test_A_crowd_of_unattested_members_blocks_no_draw() public {
        endBootstrap();
        fill();
        skip(7 days);
        for (uint256 k; k < 200; ++k) {
            uint256[] memory panel = pool.draw(keccak256(abi.encode(k)), lot(15));
            vm.assertEq(panel.length, 15, vm.toString(k));
        }
    }
}
