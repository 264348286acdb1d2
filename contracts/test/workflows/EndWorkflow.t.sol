// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { IWorkflows } from "../../src/interfaces/IWorkflows.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { WorkflowsCase } from "./WorkflowsCase.sol";

contract EndWorkflowTest is WorkflowsCase {
    function ends(address who, uint8 outcome) private {
        uint256 rest = workflows.budgetOf(id);
        uint256 before = creditOf(client);
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowEnded(id, outcome);
        end(who);
        vm.assertEq(creditOf(client), before + rest);
        vm.assertEq(workflows.budgetOf(id), 0);
        vm.assertEq(uint256(found().outcome), outcome);
        vm.assertFalse(workflows.isOpen(id));
    }

    function test_When_every_step_is_finalized_anyone_ends_it() public {
        for (uint16 step; step < 3; ++step) {
            finish(link(step, 0), 1_000 * CREDITS);
        }
        ends(watcher, 1);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.WorkflowNotOpen.selector, id, 1));
        end(watcher);
    }

    function test_The_client_ends_it_at_any_time_even_under_a_tripped_breaker() public {
        vm.prank(guardian);
        breaker().trip(0, 2, 1 hours, "why");
        ends(client, 3);
    }

    function test_After_a_failed_step_the_outcome_says_so() public {
        cancel(link(0, 0));
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StillRunning.selector, id, deadline));
        end(watcher);
        ends(client, 2);
    }

    /// @notice The silence row: workflow, client.
    function test_After_the_deadline_anyone_ends_it_and_the_rest_goes_to_the_client() public {
        vm.warp(deadline - 1);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StillRunning.selector, id, deadline));
        end(watcher);
        vm.warp(deadline);
        ends(watcher, 4);
    }

    function test_Level_two_holds_strangers_back_after_the_deadline() public {
        vm.warp(deadline + 1);
        vm.prank(guardian);
        breaker().trip(0, 2, 1 hours, "why");
        vm.expectPartialRevert(IBreaker.Tripped.selector);
        end(watcher);
    }

    function test_A_running_step_outlives_its_workflow_and_refunds_the_client() public {
        uint256 taskId = link(0, 0);
        end(client);
        uint256 before = creditOf(client);
        cancel(taskId);
        vm.assertEq(creditOf(client), before + 1_000 * CREDITS);
        vm.assertEq(workflows.budgetOf(id), 0);
        vm.assertEq(uint256(market.stateOf(taskId)), uint256(TaskState.CANCELLED));
    }

    /// @notice Unsimulated in economics.md: whatever happens to the steps, the client's money and the maker's add up.
    /// forge-config: default.fuzz.runs = 32
    function test_Fuzz_budget_escrows_and_payments_add_up(uint8[6] memory fates) public {
        uint256 all = creditOf(client) + 5_000 * CREDITS;
        uint256 made = creditOf(maker) + stakeAt(makerId);
        uint256 fees = balance(Accounts.TREASURY);
        for (uint256 i; i < 6; ++i) {
            uint16 step = uint16(i % 3);
            TaskState state = market.stateOf(workflows.stepOf(id, step).taskId);
            if (state == TaskState.FINALIZED) continue;
            if (state == TaskState.CANCELLED) patch(found().version, 1 << step);
            uint256 taskId = link(step, 0);
            if (fates[i] % 3 == 0) {
                cancel(taskId);
                patch(found().version, 1 << step);
            } else {
                finish(taskId, (1 + uint256(fates[i]) % 4) * 200 * CREDITS);
            }
        }
        end(client);
        uint256 paid = creditOf(maker) + stakeAt(makerId) - made + balance(Accounts.TREASURY) - fees;
        vm.assertEq(creditOf(client) + paid, all);
        vm.assertEq(workflows.budgetOf(id), 0);
    }
}
