// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract RefreshWeightTest is PoolCase {
    function test_A_refresh_follows_the_stake() public {
        uint256 before = pool.weightOf(verifiers[0]);
        bondAgent(verifiers[0], 3 * STAKED);
        vm.assertEq(pool.weightOf(verifiers[0]), before);
        pool.refreshWeight(verifiers[0]);
        vm.assertGe(pool.weightOf(verifiers[0]), 2 * before - before / 1000);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotMember.selector, makerId));
        pool.refreshWeight(makerId);
    }

    function test_A_refresh_moves_a_leaf_whose_attestation_is_over() public {
        attest(verifiers[0], 1);
        vm.assertEq(pool.attestedWeight(), pool.weightOf(verifiers[0]));
        skip(180 days);
        vm.assertTrue(pool.memberOf(verifiers[0]).attested);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierTreeSet(POOL, verifiers[0], false);
        pool.refreshWeight(verifiers[0]);
        vm.assertFalse(pool.memberOf(verifiers[0]).attested);
        vm.assertEq(pool.attestedWeight(), 0);
        vm.assertGt(pool.weightOf(verifiers[0]), 0);
    }
}
