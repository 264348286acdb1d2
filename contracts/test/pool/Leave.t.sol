// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract LeavePoolTest is PoolCase {
    function test_Leaving_moves_the_last_into_the_slot() public {
        uint256 last = verifiers[VERIFIERS - 1];
        uint256 weight = pool.weightOf(last);
        address owner = registry.ownerOf(verifiers[2]);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierLeft(POOL, verifiers[2], 1);
        vm.prank(owner);
        pool.leave(verifiers[2]);
        vm.assertEq(pool.verifierAt(2), last);
        vm.assertEq(pool.weightOf(last), weight);
        vm.assertEq(pool.weightOf(verifiers[2]), 0);
        vm.assertEq(pool.memberCount(), VERIFIERS - 1);
        vm.assertEq(registry.locksOf(verifiers[2]), 0);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotMember.selector, verifiers[2]));
        vm.prank(owner);
        pool.leave(verifiers[2]);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, last, client));
        vm.prank(client);
        pool.leave(last);
        owner = registry.ownerOf(verifiers[14]);
        vm.prank(owner);
        pool.leave(verifiers[14]);
        vm.assertEq(pool.verifierAt(14), 0);
    }
}
