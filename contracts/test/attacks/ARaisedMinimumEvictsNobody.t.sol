// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 57: a vote for minStakeVerifier 10,000 lets anybody empty the pool.
contract ARaisedMinimumEvictsNobodyTest is Courtroom {
    function test_A_raised_minimum_evicts_nobody() public {
        // It takes several votes to get there, each at most twice the value before; the pool does not care.
        setParam("minStakeVerifier", 10_000 * CREDITS);
        vm.assertGt(parameters.get("minStakeVerifier"), STAKED);
        for (uint256 i; i < VERIFIERS; ++i) {
            bytes memory eviction = abi.encodeCall(IVerifierPool.evict, (verifiers[i]));
            vm.assertFalse(attempt(watcher, wiring.verifierPool, eviction));
        }
        vm.assertEq(pool.memberCount(), VERIFIERS);
    }
}
