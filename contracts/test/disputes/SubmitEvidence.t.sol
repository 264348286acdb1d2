// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract SubmitEvidenceTest is DisputesCase {
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
}
