// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Dispute, IDisputes, Phase, Round } from "../../src/interfaces/IDisputes.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract OpenDisputeTest is DisputesCase {
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
        vm.assertEq(d.bond, 120 * CREDITS);
        vm.assertEq(d.appealedByChallenger + d.appealedByRespondent, 0);
        vm.assertEq(d.principal, client);
        vm.assertTrue(d.deterministic);
        vm.assertEq(uint256(d.incoherentSlash), 10_000);
        vm.assertEq(uint256(d.drawWindow), 24 hours);
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
}
