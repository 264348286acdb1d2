// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Action, IAgency } from "../../src/interfaces/IAgency.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { vm } from "../Vm.sol";
import { AgencyCase } from "./AgencyCase.sol";

contract RecordActionTest is AgencyCase {
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
        vm.assertEq(record(), 2);
    }

    function test_Only_who_acts_for_the_agent_records() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        agency.recordAction(agentId, "kind", "data", "uri");
    }

    function test_Nothing_is_no_action() public {
        vm.expectRevert(IAgency.ZeroHash.selector);
        vm.prank(owner);
        agency.recordAction(agentId, "kind", 0, "uri");
        vm.assertEq(agency.actionCount(), 0);
    }

    function test_A_tripped_breaker_stops_new_actions() public {
        trip(1);
        expectTripped("agency", 1);
        record();
    }
}
