// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract AgentTransferredTest is Market {
    function test_The_votes_of_the_stake_go_with_the_agent() public {
        uint256 before = block.timestamp;
        skip(10);
        vm.expectEmit(wiring.stake);
        emit IVotes.DelegateVotesChanged(owners[0], 1_000 * CREDITS, 0);
        vm.expectEmit(wiring.stake);
        emit IVotes.DelegateVotesChanged(owners[1], 1_000 * CREDITS, 2_000 * CREDITS);
        vm.prank(wiring.agentRegistry);
        stake.agentTransferred(agents[0], owners[0], owners[1]);
        vm.assertEq(stake.getVotes(owners[0]), 0);
        vm.assertEq(stake.getVotes(owners[1]), 2_000 * CREDITS);
        uint256 then = block.timestamp;
        skip(1);
        vm.assertEq(stake.getPastVotes(owners[1], then - 1), 1_000 * CREDITS);
        vm.assertEq(stake.getPastVotes(owners[1], then), 2_000 * CREDITS);
        vm.assertEq(stake.getPastTotalSupply(then), stake.getPastTotalSupply(before));
        vm.assertEq(stake.stakeOf(agents[0]), 1_000 * CREDITS);
    }

    function test_A_transfer_to_oneself_or_without_stake_is_silent() public {
        uint256 poor = newAgent(owners[0], 0);
        vm.recordLogs();
        vm.startPrank(wiring.agentRegistry);
        stake.agentTransferred(agents[0], owners[0], owners[0]);
        stake.agentTransferred(poor, owners[0], owners[1]);
        vm.stopPrank();
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(stake.getVotes(owners[0]), 1_000 * CREDITS);
        vm.assertEq(stake.getVotes(owners[1]), 1_000 * CREDITS);
    }

    function test_Only_the_registry_tells_of_it() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, owners[0]));
        vm.prank(owners[0]);
        stake.agentTransferred(agents[0], owners[0], owners[1]);
    }
}
