// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract EvictTest is PoolCase {
    function test_A_member_below_the_minimum_can_be_removed() public {
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, verifiers[0]));
        pool.evict(verifiers[0]);
        address owner = registry.ownerOf(verifiers[0]);
        vm.prank(owner);
        stake.unbond(verifiers[0], STAKED - 99 * CREDITS);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierLeft(POOL, verifiers[0], 3);
        pool.evict(verifiers[0]);
        vm.assertFalse(pool.isMember(verifiers[0]));
    }
}
