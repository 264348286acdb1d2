// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgency } from "../src/interfaces/IAgency.sol";
import { IAgentGovernor } from "../src/interfaces/IAgentGovernor.sol";
import { IAgentRegistry } from "../src/interfaces/IAgentRegistry.sol";
import { IBounties } from "../src/interfaces/IBounties.sol";
import { IBreaker } from "../src/interfaces/IBreaker.sol";
import { IChannels } from "../src/interfaces/IChannels.sol";
import { ICouncil } from "../src/interfaces/ICouncil.sol";
import { IDirectory } from "../src/interfaces/IDirectory.sol";
import { IGuilds } from "../src/interfaces/IGuilds.sol";
import { IRewards } from "../src/interfaces/IRewards.sol";
import { IStake } from "../src/interfaces/IStake.sol";
import { ITreasury } from "../src/interfaces/ITreasury.sol";
import { IValidation } from "../src/interfaces/IValidation.sol";
import { IWorkflows } from "../src/interfaces/IWorkflows.sol";
import { AgentGovernor } from "../src/governance/AgentGovernor.sol";
import { Timelock } from "../src/governance/Timelock.sol";
import { Accounts } from "../src/libraries/Accounts.sol";
import { Economy } from "./Economy.sol";
import { vm } from "./Vm.sol";

/// @title Handles and shortcuts for the tests of payments, collaboration, records and governance.
abstract contract Commons is Economy {
    IAgentRegistry internal registry;
    IStake internal stake;
    IBreaker internal breaker;
    IChannels internal channels;
    IGuilds internal guilds;
    IBounties internal bounties;
    IWorkflows internal workflows;
    IRewards internal rewards;
    IValidation internal validation;
    IAgency internal agency;
    ICouncil internal councilSeats;
    IDirectory internal directory;
    ITreasury internal treasury;
    AgentGovernor internal governor;
    Timelock internal timelock;

    function setUp() public virtual override {
        super.setUp();
        registry = IAgentRegistry(wiring.agentRegistry);
        stake = IStake(wiring.stake);
        breaker = IBreaker(wiring.breaker);
        channels = IChannels(wiring.channels);
        guilds = IGuilds(wiring.guilds);
        bounties = IBounties(wiring.bounties);
        workflows = IWorkflows(wiring.workflows);
        rewards = IRewards(wiring.rewards);
        validation = IValidation(wiring.validation);
        agency = IAgency(wiring.agency);
        councilSeats = ICouncil(wiring.council);
        directory = IDirectory(wiring.directory);
        treasury = ITreasury(wiring.treasury);
        governor = AgentGovernor(payable(wiring.governor));
        timelock = Timelock(payable(wiring.timelock));
    }

    /// @notice A registered agent of `owner` with free stake.
    function newAgent(address owner, uint256 staked) internal returns (uint256 agentId) {
        vm.prank(owner);
        agentId = registry.register();
        if (staked == 0) return agentId;
        fund(owner, staked);
        vm.prank(owner);
        stake.bond(agentId, staked);
    }

    function trip(uint8 level) internal {
        vm.prank(guardian);
        breaker.trip(0, level, 1 hours, "test");
    }

    function expectTripped(bytes32 scope, uint8 level) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IBreaker.Tripped.selector, scope, level, uint64(block.timestamp + 1 hours))
        );
    }

    function stakeBalance(uint256 agentId) internal view returns (uint256) {
        return vault.balanceOf(Accounts.stake(agentId));
    }

    /// @notice A signature of 65 bytes.
    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
