// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Lot } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @title A pool of sixteen, and a lot for a panel.
abstract contract PoolCase is Courtroom {
    bytes32 internal constant POOL = "verification";

    function lot(uint256 seats) internal view returns (Lot memory) {
        return Lot(seats, 10 * CREDITS, watcherId, makerId, client);
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
    }

    /// @notice Fills the pool with members of 100 credits, each of its own owner.
    function fill() internal {
        for (uint256 i = pool.memberCount(); i < 1024; ++i) {
            newVerifier(crowd(i), 100 * CREDITS);
        }
    }

    function crowd(uint256 i) internal pure returns (address) {
        return address(uint160(0xC0DE0000 + i));
    }

    function has(uint256[] memory panel, uint256 verifierId) internal pure returns (bool) {
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == verifierId) return true;
        }
        return false;
    }
}
