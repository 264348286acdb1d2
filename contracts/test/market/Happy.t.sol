// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, TaskState, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract HappyPathTest is Market {
    function test_An_open_task_from_creation_to_payment() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, 900 * CREDITS);
        bidAs(1, taskId, 800 * CREDITS);
        skip(900);
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).agentId, agents[1]);
        startAs(1, taskId);
        submitAs(1, taskId);
        skip(2 hours);
        market.finalize(taskId);
        assertState(taskId, TaskState.FINALIZED);
        vm.assertEq(creditOf(owners[1]), 792 * CREDITS);
        vm.assertEq(creditOf(client), 10 * PRICE - 800 * CREDITS);
        vm.assertEq(balance(Accounts.task(taskId)), 0);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
        vm.assertEq(stakeOf(1), 1_000 * CREDITS);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
    }

    function test_A_sealed_task_is_won_by_the_best_reveal() public {
        uint256 taskId = create(Mode.SEALED);
        uint256 a = commitAs(0, taskId, 900 * CREDITS);
        uint256 b = commitAs(1, taskId, 800 * CREDITS);
        skip(900);
        revealAs(0, a, 900 * CREDITS);
        revealAs(1, b, 800 * CREDITS);
        skip(600);
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).bidId, b);
    }

    function test_A_direct_task_is_matched_by_the_bid_of_its_agent() public {
        uint256 taskId = create(Mode.DIRECT);
        bidAs(0, taskId, PRICE);
        assertState(taskId, TaskState.MATCHED);
    }

    function test_Each_end_of_a_dispute() public {
        uint256 taskId = verifying(Verification.OPTIMISTIC, PRICE);
        dispute(taskId, 1, 7);
        ruleOn(taskId, 1, 7, 1);
        assertState(taskId, TaskState.VERIFYING);
        dispute(taskId, 4, 8);
        ruleOn(taskId, 4, 8, 2);
        assertState(taskId, TaskState.CANCELLED);
    }
}
