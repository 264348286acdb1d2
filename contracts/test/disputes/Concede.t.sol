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

    function test_A_respondent_concedes_before_the_seed_block() public {
        startRound(disputeId);
        vm.roll(current(disputeId).seedBlock - 1);
        vm.prank(maker);
        court.concede(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.CONCEDED);
    }

    function test_Nothing_is_conceded_from_the_seed_block_on() public {
        startRound(disputeId);
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, disputeId, seedBlock));
        vm.prank(maker);
        court.concede(disputeId);
    }

    function test_Nothing_is_conceded_once_a_panel_was_drawn() public {
        seated(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, Phase.VOTING, Phase.EVIDENCE));
        vm.prank(maker);
        court.concede(disputeId);
        vote(disputeId, votes(0, 0, 0));
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, disputeId, seedBlock));
        vm.prank(maker);
        court.concede(disputeId);
    }

    /// @dev Bond and price are the owner's: its operators and its wallet may act for it, but not give these away.
    function test_An_operator_and_a_wallet_concede_nothing() public {
        address operator = address(0xB07);
        vm.prank(maker);
        registry.setApprovalForAll(operator, true);
        vm.assertTrue(registry.mayAct(makerId, operator));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.RESPONDENT, operator));
        vm.prank(operator);
        court.concede(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.EVIDENCE);
    }

    function test_Only_the_respondent_concedes() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.RESPONDENT, watcher));
        vm.prank(watcher);
        court.concede(disputeId);
    }
}
