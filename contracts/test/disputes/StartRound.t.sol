// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract StartRoundTest is DisputesCase {
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
}
