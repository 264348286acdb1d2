// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { BidState, Endings, ITaskMarket, Mode, Task } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract PickTest is Market {
    function test_The_client_picks_any_row() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 a = bidAs(0, taskId, 700 * CREDITS);
        uint256 b = bidAs(1, taskId, 800 * CREDITS);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskMatched(
            taskId, b, agents[1], 1, uint64(block.timestamp + 900), uint64(block.timestamp + 900 + 1 days)
        );
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.bid(taskId, 1, agents[1]), pledgeOf(taskId), bytes32(taskId), BOND, Reasons.AGENT_BOND
        );
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidLost(taskId, a, agents[0], Endings.NOT_CHOSEN);
        vm.prank(client);
        market.pick(taskId, b);
        Task memory task = market.taskOf(taskId);
        vm.assertEq(task.agentId, agents[1]);
        vm.assertEq(task.bidId, b);
        vm.assertEq(task.price, 800 * CREDITS);
        vm.assertEq(task.startBy, block.timestamp + 900);
        vm.assertEq(task.deliverBy, block.timestamp + 900 + 1 days);
        vm.assertEq(uint256(market.bidOf(a).state), uint256(BidState.LOST));
        vm.assertEq(uint256(market.bidOf(b).state), uint256(BidState.WON));
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
        vm.assertEq(registry.locksOf(agents[1]), 1);
        vm.assertEq(market.boardOf(taskId)[0], 0);
    }

    function test_Refusals_of_a_pick() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 bidId = bidAs(0, taskId, PRICE);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.OnlyClient.selector, taskId, owners[0]));
        vm.prank(owners[0]);
        market.pick(taskId, bidId);
        vm.startPrank(client);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.NotOnBoard.selector, taskId, 99));
        market.pick(taskId, 99);
        uint256 sealedTask = market.createTask(0, terms(Mode.SEALED));
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongMode.selector, sealedTask, Mode.SEALED));
        market.pick(sealedTask, bidId);
        uint64 end = uint64(block.timestamp + 900);
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, end, block.timestamp));
        market.pick(taskId, bidId);
    }
}
