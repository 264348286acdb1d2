// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Domains } from "../../src/libraries/Domains.sol";
import { vm } from "../Vm.sol";
import { OpenedCase } from "./OpenedCase.sol";

contract WithdrawTest is OpenedCase {
    function test_A_challenge_is_withdrawn_while_evidence_is_heard() public {
        vm.expectEmit(wiring.disputes);
        emit IDisputes.DisputeSettled(disputeId, Court.REJECT, Court.WITHDRAWN);
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).phase), uint256(Phase.SETTLED));
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.WITHDRAWN);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, Phase.SETTLED, Phase.EVIDENCE));
        vm.prank(watcher);
        court.withdraw(disputeId);
    }

    function test_A_withdrawal_before_the_seed_block_costs_reputation() public {
        startRound(disputeId);
        vm.roll(current(disputeId).seedBlock - 1);
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.WITHDRAWN);
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), -int256(10e6));
        vm.assertEq(pool.waitingFor(current(disputeId).seedBlock), 0);
    }

    function test_Nothing_is_withdrawn_from_the_seed_block_on() public {
        startRound(disputeId);
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, disputeId, seedBlock));
        vm.prank(watcher);
        court.withdraw(disputeId);
        // A later seed opens the door no more: its party has seen the panel that was not drawn.
        vm.roll(seedBlock + 64);
        court.reseed(disputeId);
        vm.assertTrue(current(disputeId).reseeded);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, disputeId, seedBlock + 128));
        vm.prank(watcher);
        court.withdraw(disputeId);
    }

    function test_Nothing_is_withdrawn_once_a_panel_was_drawn() public {
        seated(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, Phase.VOTING, Phase.EVIDENCE));
        vm.prank(watcher);
        court.withdraw(disputeId);
        vote(disputeId, votes(0, 0, 0));
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, disputeId, seedBlock));
        vm.prank(watcher);
        court.withdraw(disputeId);
    }

    function test_Only_the_challenger_withdraws() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.CHALLENGER, maker));
        vm.prank(maker);
        court.withdraw(disputeId);
    }
}
