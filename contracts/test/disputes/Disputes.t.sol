// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, CourtTerms, Dispute, IDisputes, Phase, Round } from "../../src/interfaces/IDisputes.sol";
import { TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Domains } from "../../src/libraries/Domains.sol";
import { Module } from "../../src/Module.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

contract DisputesTest is Courtroom {
    function test_Opening_locks_both_bonds_and_emits() public {
        uint256 taskId = submitted();
        uint256 had = creditOf(watcher);
        bytes32 subject = bytes32((uint256(2) << 248) | taskId);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.DisputeOpened(1, subject, watcherId, makerId, 1, CLAIM, uint64(block.timestamp + 4 hours));
        uint256 disputeId = openByWatcher(1, taskId);
        vm.assertEq(creditOf(watcher), had - 120 * CREDITS);
        vm.assertEq(balance(pledgeOf(taskId)), 120 * CREDITS);
        Dispute memory d = court.disputeOf(disputeId);
        vm.assertTrue(d.phase == Phase.EVIDENCE);
        vm.assertEq(d.subjectId, taskId);
        vm.assertEq(d.claimHash, CLAIM);
        vm.assertEq(d.postedByChallenger, 120 * CREDITS);
        vm.assertEq(d.postedByRespondent, 120 * CREDITS);
        CourtTerms memory t = court.termsOf(disputeId);
        vm.assertEq(t.principal, client);
        vm.assertTrue(t.deterministic);
        vm.assertEq(uint256(t.incoherentSlash), 10_000);
        vm.assertEq(uint256(t.drawWindow), 24 hours);
        vm.assertEq(registry.locksOf(watcherId), 1);
        vm.assertEq(court.disputeCount(), 1);
    }

    function test_Openings_that_are_refused() public {
        uint256 taskId = submitted();
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongWay.selector, 2));
        openByWatcher(2, taskId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownKind.selector, 9));
        openByWatcher(9, taskId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownKind.selector, 0));
        openByWatcher(0, taskId);
        vm.expectRevert();
        vm.prank(client);
        court.open(1, taskId, watcherId, CLAIM);
        openByWatcher(1, taskId);
        vm.expectRevert();
        openByClient(4, taskId);
    }

    function test_Parameters_do_not_touch_a_dispute_in_flight() public {
        uint256 disputeId = openByWatcher(1, submitted());
        setParam("commitWindow", 1 hours);
        setParam("maxSeat", 20 * CREDITS);
        seated(disputeId);
        Round memory r = current(disputeId);
        vm.assertEq(r.commitEnd, block.timestamp + 4 hours);
        vm.assertEq(r.seatBond, 40 * CREDITS);
    }

    function test_Evidence_comes_from_the_parties_in_time() public {
        uint256 disputeId = openByWatcher(1, submitted());
        vm.expectEmit(wiring.disputes);
        emit IDisputes.Evidence(disputeId, maker, "ipfs://evidence");
        vm.prank(maker);
        court.submitEvidence(disputeId, Court.RESPONDENT, "ipfs://evidence");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.CHALLENGER, client));
        vm.prank(client);
        court.submitEvidence(disputeId, Court.CHALLENGER, "x");
        uint64 end = court.disputeOf(disputeId).evidenceEnd;
        vm.warp(end);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, end, end));
        vm.prank(watcher);
        court.submitEvidence(disputeId, Court.CHALLENGER, "x");
    }

    function test_The_first_round_starts_when_the_evidence_is_in() public {
        uint256 disputeId = openByWatcher(1, submitted());
        uint64 end = court.disputeOf(disputeId).evidenceEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, block.timestamp));
        court.startRound(disputeId);
        vm.warp(end);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundStarted(disputeId, 1, 1, 0, 3, 2, 1_088, end + 24 hours);
        court.startRound(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, Phase.DRAW, Phase.EVIDENCE));
        court.startRound(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownDispute.selector, 99));
        court.startRound(99);
    }

    function test_A_draw_locks_a_seat_of_every_panelist() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        for (uint256 i; i < 3; ++i) {
            uint256 verifierId = seatOf(disputeId, i).verifierId;
            vm.assertEq(stakeAt(verifierId), STAKED - 40 * CREDITS);
            vm.assertEq(court.openSeatsOf(verifierId), 1);
        }
        vm.assertEq(current(disputeId).revealEnd, block.timestamp + 8 hours);
    }

    function test_Votes_that_are_refused() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 seat = seatOf(disputeId, 0).verifierId;
        uint256 second = seatOf(disputeId, 1).verifierId;
        address owner = registry.ownerOf(seat);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotOnPanel.selector, disputeId, watcherId));
        vm.prank(watcher);
        court.commitVote(disputeId, watcherId, "c");
        vm.expectRevert();
        vm.prank(watcher);
        court.commitVote(disputeId, seat, "c");
        vm.expectRevert(IDisputes.ZeroCommitment.selector);
        vm.prank(owner);
        court.commitVote(disputeId, seat, 0);
        commitSeat(disputeId, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyCommitted.selector, disputeId, seat));
        vm.prank(owner);
        court.commitVote(disputeId, seat, "c");
        uint64 commitEnd = current(disputeId).commitEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, commitEnd, block.timestamp));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 1, saltOf(seat), 0);
        vm.warp(commitEnd);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, commitEnd, commitEnd));
        vm.prank(owner);
        court.commitVote(disputeId, seat, "c");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownChoice.selector, 4));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 4, saltOf(seat), 0);
        vm.expectRevert();
        vm.prank(owner);
        court.revealVote(disputeId, seat, 2, saltOf(seat), 0);
        revealSeat(disputeId, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyRevealed.selector, disputeId, seat));
        vm.prank(owner);
        court.revealVote(disputeId, seat, 1, saltOf(seat), 0);
        owner = registry.ownerOf(second);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotCommitted.selector, disputeId, second));
        vm.prank(owner);
        court.revealVote(disputeId, second, 1, saltOf(second), 0);
        uint64 revealEnd = current(disputeId).revealEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, revealEnd, block.timestamp));
        court.resolveRound(disputeId);
    }

    function test_A_round_in_which_all_have_revealed_is_resolved_at_once() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        commitAll(disputeId, votes(1, 1, 2));
        revealAll(disputeId, votes(1, 1, 2));
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundResolved(disputeId, 1, 1, Court.REJECT, Court.MAJORITY, uint64(block.timestamp + 8 hours));
        court.resolveRound(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.APPEAL);
    }

    function test_Appeals_that_are_refused() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(1, 1, 1));
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.NothingToAppeal.selector, disputeId, Court.RESPONDENT, Court.REJECT)
        );
        appealBy(disputeId, Court.RESPONDENT);
        uint64 end = court.disputeOf(disputeId).appealEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, block.timestamp));
        court.settle(disputeId);
        vm.warp(end);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, end, end));
        vm.prank(watcher);
        court.appeal(disputeId, Court.CHALLENGER);
    }

    function test_A_split_may_be_appealed_by_either_side_and_the_third_round_is_the_last() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(3, 3, 3));
        appealBy(disputeId, Court.RESPONDENT);
        vm.assertEq(court.disputeOf(disputeId).postedByRespondent, 360 * CREDITS);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 7);
        vote(disputeId, unanimous(disputeId, 3));
        appealBy(disputeId, Court.CHALLENGER);
        vm.assertEq(court.disputeOf(disputeId).postedByChallenger, 600 * CREDITS);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 15);
        vote(disputeId, unanimous(disputeId, 3));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.LastRound.selector, disputeId, 3));
        vm.prank(watcher);
        court.appeal(disputeId, Court.CHALLENGER);
        court.settle(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.SPLIT);
    }

    function test_Withdrawal_and_concession_end_with_the_first_panel() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint256 before = vm.snapshotState();
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.WITHDRAWN);
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), -int256(10e6));
        vm.revertToState(before);
        vm.prank(maker);
        court.concede(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.CONCEDED);
        vm.revertToState(before);
        drawNow(disputeId);
        vm.expectRevert();
        vm.prank(watcher);
        court.withdraw(disputeId);
        vote(disputeId, votes(0, 0, 0));
        // The first attempt has seats to settle.
        vm.expectRevert(abi.encodeWithSelector(IDisputes.PanelWasDrawn.selector, disputeId));
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.PanelWasDrawn.selector, disputeId));
        vm.prank(maker);
        court.concede(disputeId);
    }

    function test_Only_the_sides_may_withdraw_and_concede() public {
        uint256 disputeId = openByWatcher(1, submitted());
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.CHALLENGER, maker));
        vm.prank(maker);
        court.withdraw(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.RESPONDENT, watcher));
        vm.prank(watcher);
        court.concede(disputeId);
    }

    function test_Scores_after_a_ruling() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 coherent = seatOf(disputeId, 0).verifierId;
        uint256 incoherent = seatOf(disputeId, 1).verifierId;
        vote(disputeId, votes(2, 1, 2));
        settleNow(disputeId);
        vm.assertEq(reputation.scoreOf(coherent, Domains.VERIFICATION), int256(10e6));
        vm.assertEq(reputation.scoreOf(incoherent, Domains.VERIFICATION), -int256(20e6));
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), int256(10e6));
        vm.assertEq(reputation.scoreOf(makerId, Domains.STRIKE), int256(1e6));
        vm.assertEq(reputation.scoreOf(makerId, DOMAIN), -int256(30e6));
        vm.assertEq(court.openSeatsOf(coherent), 0);
        vm.assertEq(registry.locksOf(watcherId), 0);
    }

    function test_Scores_after_a_rejection_and_an_absence() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        uint256 absent = seatOf(disputeId, 2).verifierId;
        vote(disputeId, votes(1, 1, 0));
        settleNow(disputeId);
        vm.assertEq(reputation.scoreOf(absent, Domains.VERIFICATION), -int256(30e6));
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), -int256(30e6));
        vm.assertEq(reputation.strikesOf(makerId), 0);
    }

    /// @dev Kind 4 takes B once more from what else there is, and never more than that.
    function test_Fuzz_collusion_costs_B_once_more_as_far_as_there_is_stake(uint256 free, uint256 unbonding) public {
        uint256 taskId = submitted();
        uint256 staked = stakeAt(makerId);
        unbonding = bound(unbonding, 0, staked / 2);
        free = bound(free, 0, 300 * CREDITS);
        uint256 disputeId = openByWatcher(4, taskId);
        // What is neither free nor in these two unbondings was released long ago: into the credit of the owner.
        vm.startPrank(maker);
        if (staked > free + unbonding) stake.unbond(makerId, staked - free - unbonding);
        vm.warp(block.timestamp + 14 days);
        if (staked > free + unbonding) stake.release(1);
        if (unbonding != 0) stake.unbond(makerId, unbonding);
        vm.stopPrank();
        uint256 burnt = burned();
        uint256 left = stakeAt(makerId) + unbonding;
        vm.prank(maker);
        court.concede(disputeId);
        uint256 extra = left < 240 * CREDITS ? left : 240 * CREDITS;
        vm.assertEq(burned(), burnt + 120 * CREDITS + extra);
        uint256 rest = unbonding == 0 ? 0 : balance(bytes32((uint256(5) << 248) | stake.unbondingCount()));
        vm.assertEq(stakeAt(makerId) + rest, left - extra);
    }

    function test_Ninety_seats_settle_in_one_call() public {
        // Two strikes, then three rounds of fifteen, each of them twice.
        for (uint256 i; i < 2; ++i) {
            vm.prank(wiring.disputes);
            reputation.add(makerId, Domains.STRIKE, 0, 1e6, 13);
        }
        uint256 taskId = submittedWithStrikes();
        uint256 disputeId = openByWatcher(1, taskId);
        seated(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 15);
        for (uint8 round = 1; round <= 3; ++round) {
            voteFew(disputeId);
            drawNow(disputeId);
            uint8[] memory all = unanimous(disputeId, Court.UPHOLD);
            vote(disputeId, all);
            if (round == 3) break;
            appealBy(disputeId, Court.RESPONDENT);
            drawNow(disputeId);
        }
        uint256 gas = gasleft();
        court.settle(disputeId);
        vm.assertLt(gas - gasleft(), 15_000_000, "gas");
        vm.assertTrue(market.stateOf(taskId) == TaskState.CANCELLED);
    }

    function voteFew(uint256 disputeId) internal {
        uint8[] memory few = new uint8[](15);
        (few[0], few[1]) = (1, 2);
        vote(disputeId, few);
    }

    function submittedWithStrikes() internal returns (uint256) {
        bondAgent(makerId, 10_000 * CREDITS);
        return submitted(strikeTerms(), keccak256("r"), keccak256("s"));
    }

    function strikeTerms() internal view returns (Terms memory t) {
        t = taskTerms();
        t.agentBond = 4 * BOND;
    }
}
