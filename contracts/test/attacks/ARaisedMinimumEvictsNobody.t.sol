// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IParameters } from "../../src/interfaces/IParameters.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 57: a vote for minStakeVerifier 10,000 lets anybody empty the pool.
contract ARaisedMinimumEvictsNobodyTest is Courtroom {
    function test_A_raised_minimum_evicts_nobody() public {
        // The parameter may take several steps to get there; the pool does not care.
        for (uint256 minimum = 200 * CREDITS; minimum < 10_000 * CREDITS; minimum *= 2) {
            bytes memory raise = abi.encodeCall(IParameters.setParam, (bytes32("minStakeVerifier"), minimum));
            if (attempt(wiring.timelock, wiring.parameters, raise)) skip(7 days);
        }
        vm.assertGt(parameters.get("minStakeVerifier"), STAKED);
        for (uint256 i; i < VERIFIERS; ++i) {
            bytes memory eviction = abi.encodeCall(IVerifierPool.evict, (verifiers[i]));
            vm.assertFalse(attempt(watcher, wiring.verifierPool, eviction));
        }
        vm.assertEq(pool.memberCount(), VERIFIERS);
    }
}
