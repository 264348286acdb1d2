// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract MissedTest is PoolCase {
    function miss(uint256 verifierId) private {
        vm.prank(wiring.disputes);
        pool.missed(verifierId);
    }

    function test_Whoever_missed_its_seat_counts_as_never_active_until_it_votes() public {
        uint256 weight = pool.weightOf(verifiers[0]);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierWeightSet(POOL, verifiers[0], 0, weight, 0);
        miss(verifiers[0]);
        vm.assertEq(uint256(pool.memberOf(verifiers[0]).lastActive), 0);
        vm.assertEq(pool.weightOf(verifiers[0]), weight);
        vm.prank(wiring.disputes);
        pool.touch(verifiers[0]);
        vm.assertEq(uint256(pool.memberOf(verifiers[0]).lastActive), block.timestamp);
        // Whoever has left in the meantime is no matter.
        miss(makerId);
        vm.assertFalse(pool.isMember(makerId));
    }

    function test_Only_the_court_reports() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        pool.missed(verifiers[0]);
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, wiring.checkpoints));
        vm.prank(wiring.checkpoints);
        pool.missed(verifiers[0]);
    }

    /// @dev The court may report while another round knows its seed: the lots stay as they are.
    function test_A_report_changes_no_lots() public {
        bytes32 before = keccak256(abi.encode(pool.draw("seed", lot(7))));
        miss(verifiers[0]);
        vm.assertEq(keccak256(abi.encode(pool.draw("seed", lot(7)))), before);
    }

    function test_The_court_reports_whoever_missed_a_vote_when_it_settles() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 missing = seatOf(disputeId, 2).verifierId;
        uint256 voter = seatOf(disputeId, 0).verifierId;
        vote(disputeId, votes(1, 1, 0));
        settleNow(disputeId);
        vm.assertEq(uint256(pool.memberOf(missing).lastActive), 0);
        vm.assertGt(uint256(pool.memberOf(voter).lastActive), 0);
        pool.evict(missing);
        vm.assertFalse(pool.isMember(missing));
    }
}
