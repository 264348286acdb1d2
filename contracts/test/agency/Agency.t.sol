// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Action, IAgency } from "../../src/interfaces/IAgency.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract AgencyTest is Commons {
    address private owner = address(0x0E);
    uint256 private agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function record() private returns (uint256) {
        vm.prank(owner);
        return agency.recordAction(agentId, "kind", "data", "uri");
    }

    function test_An_action_is_recorded() public {
        vm.expectEmit(wiring.agency);
        emit IAgency.ActionRecorded(1, agentId, "kind", "data", "uri");
        vm.assertEq(record(), 1);
        Action memory action = agency.actionOf(1);
        vm.assertEq(action.agentId, agentId);
        vm.assertEq(action.kind, "kind");
        vm.assertEq(action.dataHash, "data");
        vm.assertEq(uint256(action.recordedAt), GENESIS_TIME);
        vm.assertEq(action.outcomeHash, bytes32(0));
        vm.assertEq(agency.actionCount(), 1);
    }

    function test_Its_outcome_is_recorded_once() public {
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

    function test_Only_who_acts_for_the_agent_records() public {
        record();
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        agency.recordAction(agentId, "kind", "data", "uri");
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        agency.recordOutcome(1, "outcome", "uri");
    }

    function test_Nothing_and_nobodys_are_refused() public {
        vm.startPrank(owner);
        vm.expectRevert(IAgency.ZeroHash.selector);
        agency.recordAction(agentId, "kind", 0, "uri");
        vm.expectRevert(abi.encodeWithSelector(IAgency.UnknownAction.selector, 1));
        agency.recordOutcome(1, "outcome", "uri");
        agency.recordAction(agentId, "kind", "data", "uri");
        vm.expectRevert(IAgency.ZeroHash.selector);
        agency.recordOutcome(1, 0, "uri");
    }

    function test_A_tripped_breaker_stops_new_actions() public {
        trip(1);
        expectTripped("agency", 1);
        record();
    }
}
