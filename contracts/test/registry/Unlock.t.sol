// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Module } from "../../src/Module.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract UnlockTest is Agents {
    address internal owner = address(0xA11CE);
    address internal buyer = address(0xB0B);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function test_An_unlocked_agent_goes() public {
        vm.startPrank(wiring.disputes);
        registry.lock(agentId);
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.AgentLocksSet(agentId, 0);
        registry.unlock(agentId);
        vm.stopPrank();
        vm.assertEq(registry.locksOf(agentId), 0);
        vm.prank(owner);
        registry.transferFrom(owner, buyer, agentId);
        vm.assertEq(registry.ownerOf(agentId), buyer);
    }

    function test_An_agent_without_locks_cannot_be_unlocked() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotLocked.selector, agentId));
        vm.prank(wiring.taskMarket);
        registry.unlock(agentId);
    }

    function test_Only_modules_unlock() public {
        vm.prank(wiring.taskMarket);
        registry.lock(agentId);
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        registry.unlock(agentId);
        vm.assertEq(registry.locksOf(agentId), 1);
    }
}
