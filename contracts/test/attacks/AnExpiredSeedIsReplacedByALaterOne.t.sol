// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 18: letting the hash expire.
contract AnExpiredSeedIsReplacedByALaterOneTest is Courtroom {
    function test_An_expired_seed_is_replaced_by_a_later_one() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock + 63);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, seedBlock + 64, type(uint256).max, seedBlock + 63)
        );
        court.reseed(disputeId);
        vm.roll(seedBlock + 64);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, seedBlock + 1, seedBlock + 64, seedBlock + 64)
        );
        court.draw(disputeId);
        court.reseed(disputeId);
        uint64 later = current(disputeId).seedBlock;
        vm.assertEq(later, seedBlock + 128);
        vm.assertEq(pool.waitingFor(seedBlock), 0);
        vm.assertEq(pool.waitingFor(later), 1);
        // Never a hash that is known already, and never a zero one.
        vm.roll(later);
        vm.expectRevert();
        court.draw(disputeId);
        vm.roll(later + 1);
        vm.setBlockhash(later, 0);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedHashGone.selector, later));
        court.draw(disputeId);
        vm.setBlockhash(later, keccak256("later"));
        court.draw(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 3);
    }
}
