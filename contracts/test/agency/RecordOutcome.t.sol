// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgency } from "../../src/interfaces/IAgency.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { vm } from "../Vm.sol";
import { AgencyCase } from "./AgencyCase.sol";

contract RecordOutcomeTest is AgencyCase {
    function test_An_outcome_is_recorded_once() public {
        record();
        skip(9);
        vm.expectEmit(wiring.agency);
        emit IAgency.OutcomeRecorded(1, "outcome", "uri");
        vm.startPrank(owner);
        agency.recordOutcome(1, "outcome", "uri");
        vm.assertEq(agency.actionOf(1).outcomeHash, "outcome");
        vm.assertEq(uint256(agency.actionOf(1).outcomeAt), GENESIS_TIME + 9);
        vm.expectRevert(abi.encodeWithSelector(IAgency.OutcomeIsRecorded.selector, 1, bytes32("outcome")));
        agency.recordOutcome(1, "better", "uri");
    }

    function test_Only_who_acts_for_the_agent_records_it() public {
        record();
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        agency.recordOutcome(1, "outcome", "uri");
    }

    function test_Unknown_actions_and_empty_outcomes_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IAgency.UnknownAction.selector, 1));
        agency.recordOutcome(1, "outcome", "uri");
        record();
        vm.expectRevert(IAgency.ZeroHash.selector);
        vm.prank(owner);
        agency.recordOutcome(1, 0, "uri");
    }

    /// @dev What was done has its outcome, whatever is tripped.
    function test_A_tripped_breaker_stops_no_outcome() public {
        record();
        trip(2);
        vm.prank(owner);
        agency.recordOutcome(1, "outcome", "uri");
        vm.assertEq(agency.actionOf(1).outcomeHash, "outcome");
    }
}
