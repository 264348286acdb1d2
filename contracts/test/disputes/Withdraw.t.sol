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

    function test_A_withdrawal_before_the_draw_costs_reputation() public {
        startRound(disputeId);
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.WITHDRAWN);
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), -int256(10e6));
    }

    function test_Nothing_is_withdrawn_once_a_panel_was_drawn() public {
        seated(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, Phase.VOTING, Phase.EVIDENCE));
        vm.prank(watcher);
        court.withdraw(disputeId);
        vote(disputeId, votes(0, 0, 0));
        // The first attempt has seats to settle.
        vm.expectRevert(abi.encodeWithSelector(IDisputes.PanelWasDrawn.selector, disputeId));
        vm.prank(watcher);
        court.withdraw(disputeId);
    }

    function test_Only_the_challenger_withdraws() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.CHALLENGER, maker));
        vm.prank(maker);
        court.withdraw(disputeId);
    }
}
