// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice L: a vote for minStakeVerifier 10,000 lets anybody empty the pool.
contract ARaisedMinimumEvictsNobodyTest is Courtroom {
    function test_A_raised_minimum_evicts_nobody() public {
        // The parameter may take several steps to get there; the pool does not care.
        for (uint256 minimum = 200; minimum < 10_000; minimum *= 2) {
            vm.prank(wiring.timelock);
            (bool raised,) =
                wiring.parameters.call(abi.encodeWithSignature("setParam(bytes32,uint256)", bytes32("minStakeVerifier"), minimum * CREDITS));
            if (raised) skip(30 days / 4);
        }
        vm.assertGt(parameters.get("minStakeVerifier"), STAKED);
        for (uint256 i; i < VERIFIERS; ++i) {
            (bool done) = attempt(watcher, wiring.verifierPool, abi.encodeCall(IVerifierPool.evict, (verifiers[i])));
            vm.assertFalse(done);
        }
        vm.assertEq(pool.memberCount(), VERIFIERS);
    }
}
