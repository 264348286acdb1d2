// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract SetStatusTest is Agents {
    address internal owner = address(0xA11CE);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function test_The_owner_pauses_and_resumes() public {
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.AgentStatusSet(agentId, 2, "holiday");
        vm.startPrank(owner);
        registry.setStatus(agentId, 2, "holiday");
        vm.assertFalse(registry.isActive(agentId));
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotActive.selector, agentId, 2));
        registry.requireActor(agentId, owner);
        registry.setStatus(agentId, 1, "back");
        vm.assertEq(registry.requireActor(agentId, owner), owner);
    }

    function test_A_revoked_agent_stays_revoked() public {
        vm.startPrank(owner);
        registry.setStatus(agentId, 3, "stolen key");
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.Revoked.selector, agentId));
        registry.setStatus(agentId, 1, "never mind");
    }

    function test_Unknown_statuses_are_refused() public {
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.UnknownStatus.selector, 0));
        registry.setStatus(agentId, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.UnknownStatus.selector, 4));
        registry.setStatus(agentId, 4, "");
    }

    function test_A_stranger_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        registry.setStatus(agentId, 3, "");
    }
}
