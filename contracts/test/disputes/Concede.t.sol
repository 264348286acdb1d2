// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { vm } from "../Vm.sol";
import { OpenedCase } from "./OpenedCase.sol";

contract ConcedeTest is OpenedCase {
    function test_A_respondent_concedes_while_evidence_is_heard() public {
        vm.expectEmit(wiring.disputes);
        emit IDisputes.DisputeSettled(disputeId, Court.UPHOLD, Court.CONCEDED);
        vm.prank(maker);
        court.concede(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).phase), uint256(Phase.SETTLED));
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.CONCEDED);
    }

    function test_A_respondent_concedes_before_the_draw() public {
        startRound(disputeId);
        vm.prank(maker);
        court.concede(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.CONCEDED);
    }

    function test_Nothing_is_conceded_once_a_panel_was_drawn() public {
        seated(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, Phase.VOTING, Phase.EVIDENCE));
        vm.prank(maker);
        court.concede(disputeId);
        vote(disputeId, votes(0, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.PanelWasDrawn.selector, disputeId));
        vm.prank(maker);
        court.concede(disputeId);
    }

    function test_Only_the_respondent_concedes() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.RESPONDENT, watcher));
        vm.prank(watcher);
        court.concede(disputeId);
    }
}
