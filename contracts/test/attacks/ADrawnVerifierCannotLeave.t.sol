// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 16: unbonding, bidding or transferring to evade a seat.
contract ADrawnVerifierCannotLeaveTest is Courtroom {
    function test_A_drawn_verifier_cannot_leave() public {
        Terms memory t = taskTerms();
        t.bidWindow = 5 days;
        vm.prank(client);
        uint256 bait = market.createTask(0, t);
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock + 1);
        // Whoever knows the seed can neither take its stake away nor lock it elsewhere.
        for (uint256 i; i < verifiers.length; ++i) {
            address owner = registry.ownerOf(verifiers[i]);
            bytes memory frozen = abi.encodeWithSelector(IVerifierPool.PoolFrozen.selector, uint256(seedBlock) + 64);
            vm.startPrank(owner);
            vm.expectRevert(frozen);
            stake.unbond(verifiers[i], STAKED);
            vm.expectRevert(frozen);
            market.placeBid(bait, verifiers[i], PRICE, 1, 0);
            vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.AgentLocked.selector, verifiers[i], 1));
            registry.transferFrom(owner, address(1), verifiers[i]);
            vm.stopPrank();
        }
        court.draw(disputeId);
        uint256 drawn = seatOf(disputeId, 0).verifierId;
        vm.assertEq(stakeAt(drawn), STAKED - 40 * CREDITS);
        vm.startPrank(registry.ownerOf(drawn));
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.SeatsOpen.selector, drawn, 1));
        pool.leave(drawn);
        // Unbonding the rest changes nothing: the seat has its own money, and nobody can throw the verifier out.
        stake.unbond(drawn, STAKED - 40 * CREDITS);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.SeatsOpen.selector, drawn, 1));
        pool.evict(drawn);
        vote(disputeId, votes(0, 2, 2));
        settleNow(disputeId);
        vm.assertEq(stakeAt(drawn), 0);
        pool.evict(drawn);
        vm.assertFalse(pool.isMember(drawn));
    }
}
