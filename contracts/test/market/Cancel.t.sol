// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Endings, ITaskMarket, Mode, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract CancelTest is Market {
    function test_The_client_takes_an_unmatched_task_back() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 bidId = bidAs(0, taskId, PRICE);
        uint256 before = creditOf(client);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskCancelled(taskId, Endings.BY_CLIENT);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidLost(taskId, bidId, agents[0], Endings.TASK_CANCELLED);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.task(taskId), Accounts.credit(client), bytes32(taskId), PRICE, Reasons.REFUND);
        vm.prank(client);
        market.cancel(taskId);
        assertState(taskId, TaskState.CANCELLED);
        vm.assertEq(market.taskOf(taskId).cause, Endings.BY_CLIENT);
        vm.assertEq(creditOf(client), before + PRICE);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
    }

    function test_Strangers_and_matched_tasks_are_refused() public {
        uint256 taskId = matched(PRICE);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.OnlyClient.selector, taskId, owners[0]));
        vm.prank(owners[0]);
        market.cancel(taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.MATCHED));
        vm.prank(client);
        market.cancel(taskId);
    }

    function test_A_vacant_task_is_taken_back() public {
        uint256 taskId = matched(PRICE);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        vm.prank(client);
        market.cancel(taskId);
        vm.assertEq(balance(Accounts.task(taskId)), 0);
    }
}
