// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EpochCheckpoints } from "../../src/court/EpochCheckpoints.sol";
import { Roots } from "../../src/interfaces/ICheckpoints.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract EvictTest is PoolCase {
    function evicts(uint256 verifierId, uint8 cause) private {
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierLeft(POOL, verifierId, cause);
        pool.evict(verifierId);
        vm.assertFalse(pool.isMember(verifierId));
    }

    function unbondTo(uint256 verifierId, uint256 rest) private {
        address owner = registry.ownerOf(verifierId);
        uint256 amount = stakeAt(verifierId) - rest;
        vm.prank(owner);
        stake.unbond(verifierId, amount);
    }

    function misses(uint256 verifierId) private {
        vm.prank(wiring.disputes);
        pool.missed(verifierId);
    }

    function test_A_member_below_the_minimum_can_be_removed() public {
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, verifiers[0]));
        pool.evict(verifiers[0]);
        unbondTo(verifiers[0], 99 * CREDITS);
        evicts(verifiers[0], 3);
    }

    function test_Whoever_evicts_has_a_fee_from_the_evicted_stake() public {
        unbondTo(verifiers[0], 99 * CREDITS);
        address keeper = person("keeper");
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.stake(verifiers[0]),
            Accounts.credit(keeper),
            bytes32(verifiers[0]),
            1 * CREDITS,
            Reasons.KEEPER_FEE
        );
        vm.prank(keeper);
        pool.evict(verifiers[0]);
        vm.assertEq(creditOf(keeper), 1 * CREDITS);
        vm.assertEq(stakeAt(verifiers[0]), 98 * CREDITS);
        // Whoever has less pays less, whoever has nothing nothing.
        unbondTo(verifiers[1], CREDITS / 2);
        unbondTo(verifiers[2], 0);
        vm.startPrank(keeper);
        pool.evict(verifiers[1]);
        pool.evict(verifiers[2]);
        vm.stopPrank();
        vm.assertEq(creditOf(keeper), CREDITS + CREDITS / 2);
    }

    function test_A_raised_minimum_asks_more_of_newcomers_alone() public {
        unbondTo(verifiers[0], 150 * CREDITS);
        setParam("minStakeVerifier", 200 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, verifiers[0]));
        pool.evict(verifiers[0]);
        uint256 newcomer = newAgent(person("newcomer"), 150 * CREDITS);
        vm.expectRevert(
            abi.encodeWithSelector(IVerifierPool.StakeTooLow.selector, newcomer, 150 * CREDITS, 200 * CREDITS)
        );
        vm.prank(person("newcomer"));
        pool.join(newcomer);
        unbondTo(verifiers[0], 99 * CREDITS);
        evicts(verifiers[0], 3);
    }

    function test_A_lowered_minimum_holds_for_everybody() public {
        setParam("minSeat", 10 * CREDITS);
        setParam("maxSeat", 50 * CREDITS);
        setParam("minStakeVerifier", 50 * CREDITS);
        unbondTo(verifiers[0], 60 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, verifiers[0]));
        pool.evict(verifiers[0]);
    }

    function test_Whoever_was_absent_can_be_removed_until_it_votes_again() public {
        misses(verifiers[0]);
        misses(verifiers[1]);
        skip(1 hours);
        vm.prank(wiring.disputes);
        pool.touch(verifiers[1]);
        evicts(verifiers[0], 4);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, verifiers[1]));
        pool.evict(verifiers[1]);
        // Who comes back is present.
        address owner = registry.ownerOf(verifiers[0]);
        vm.prank(owner);
        pool.join(verifiers[0]);
        vm.assertEq(uint256(pool.memberOf(verifiers[0]).lastActive), block.timestamp);
    }

    function test_A_signer_cannot_be_removed_before_its_signature_is_settled() public {
        EpochCheckpoints checkpoints = EpochCheckpoints(wiring.checkpoints);
        vm.prank(maker);
        uint256 candidateId = checkpoints.post(1, makerId, Roots("log", "state", 0, uint64(block.number - 1), 7));
        vm.roll(checkpoints.candidateOf(candidateId).seedBlock + 1);
        checkpoints.drawSigners(candidateId);
        uint256 signer = checkpoints.panelOf(candidateId)[0];
        unbondTo(signer, 100 * CREDITS);
        address owner = registry.ownerOf(signer);
        vm.prank(owner);
        checkpoints.sign(candidateId, signer);
        // The pledge has taken its free stake below the minimum.
        vm.assertEq(stakeAt(signer), 90 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.SignaturesOpen.selector, signer, 1));
        pool.evict(signer);
        vm.warp(checkpoints.candidateOf(candidateId).finalAt);
        checkpoints.settleCandidate(candidateId);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, signer));
        pool.evict(signer);
    }

    function test_Whoever_has_an_open_seat_cannot_be_removed() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 voter = seatOf(disputeId, 0).verifierId;
        misses(voter);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.SeatsOpen.selector, voter, 1));
        pool.evict(voter);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.NotMember.selector, makerId));
        pool.evict(makerId);
    }
}
