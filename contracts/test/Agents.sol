// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { AgentRegistry } from "../src/agents/AgentRegistry.sol";
import { Stake } from "../src/agents/Stake.sol";
import { Reputation } from "../src/reputation/Reputation.sol";
import { Economy } from "./Economy.sol";
import { vm } from "./Vm.sol";

/// @title An economy with agents in it: registered by their owners and bonded with real deposits.
abstract contract Agents is Economy {
    AgentRegistry internal registry;
    Stake internal stake;
    Reputation internal reputation;

    function setUp() public virtual override {
        super.setUp();
        registry = AgentRegistry(wiring.agentRegistry);
        stake = Stake(wiring.stake);
        reputation = Reputation(wiring.reputation);
    }

    /// @notice Registers an agent of `owner` with `amount` of free stake.
    function newAgent(address owner, uint256 amount) internal returns (uint256 agentId) {
        vm.prank(owner);
        agentId = registry.register();
        if (amount != 0) bondAgent(agentId, amount);
    }

    function bondAgent(uint256 agentId, uint256 amount) internal {
        address owner = registry.ownerOf(agentId);
        fund(owner, amount);
        vm.prank(owner);
        stake.bond(agentId, amount);
    }

    /// @notice An account that belongs to nobody else in the tests.
    function person(string memory name) internal returns (address who) {
        who = address(uint160(uint256(keccak256(bytes(name)))));
        vm.label(who, name);
    }
}
