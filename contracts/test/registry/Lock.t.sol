// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Module } from "../../src/Module.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract LockTest is Agents {
    address internal owner = address(0xA11CE);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function test_A_locked_agent_stays() public {
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.AgentLocksSet(agentId, 1);
        vm.prank(wiring.taskMarket);
        registry.lock(agentId);
        vm.prank(wiring.verifierPool);
        registry.lock(agentId);
        vm.assertEq(registry.locksOf(agentId), 2);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.AgentLocked.selector, agentId, 2));
        vm.prank(owner);
        registry.transferFrom(owner, address(0xB0B), agentId);
    }

    function test_Only_modules_lock() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        registry.lock(agentId);
        vm.assertEq(registry.locksOf(agentId), 0);
    }

    function test_Nobody_is_not_locked() public {
        vm.expectRevert();
        vm.prank(wiring.taskMarket);
        registry.lock(99);
    }
}
