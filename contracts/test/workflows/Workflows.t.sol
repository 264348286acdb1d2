// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkflows, Step, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @title A workflow of three steps with 5,000 credits, beside the real market.
abstract contract WorkflowsCase is Courtroom {
    IWorkflows internal workflows;
    uint64 internal deadline;
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        workflows = IWorkflows(wiring.workflows);
        deadline = uint64(block.timestamp) + 20 days;
        vm.prank(client);
        id = workflows.create(5_000 * CREDITS, "graph", 3, deadline, "uri");
    }

    function seatedAtStart() internal pure override returns (uint256) {
        return 3;
    }

    function link(uint16 step, uint256 dependsOn) internal returns (uint256) {
        Terms memory asked = taskTerms();
        vm.prank(client);
        return workflows.linkStep(id, step, dependsOn, 0, asked);
    }

    function patch(uint32 base, uint256 replaces) internal {
        vm.prank(client);
        workflows.patch(id, base, "patch", replaces);
    }

    function cancel(uint256 taskId) internal {
        vm.prank(client);
        market.cancel(taskId);
    }

    /// @notice The maker does the work and is paid `price`.
    function finish(uint256 taskId, uint256 price) internal {
        vm.prank(maker);
        uint256 bidId = market.placeBid(taskId, makerId, price, 1, "proposal");
        vm.prank(client);
        market.pick(taskId, bidId);
        vm.startPrank(maker);
        works.start(taskId);
        market.submit(taskId, "result", "receipt", "uri");
        vm.stopPrank();
        skip(2 hours);
        market.finalize(taskId);
    }

    function end(address who) internal {
        vm.prank(who);
        workflows.endWorkflow(id);
    }

    function found() internal view returns (Workflow memory) {
        return workflows.workflowOf(id);
    }
}

contract WorkflowsTest is WorkflowsCase {
    function test_Creating_locks_the_budget_and_records_every_field() public {
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowCreated(2, client, "other", 1, deadline, "uri");
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.credit(client), Accounts.workflow(2), bytes32(uint256(2)), 7, Reasons.WORKFLOW_BUDGET
        );
        vm.prank(client);
        vm.assertEq(workflows.create(7, "other", 1, deadline, "uri"), 2);
        Workflow memory made = workflows.workflowOf(2);
        vm.assertEq(made.client, client);
        vm.assertEq(uint256(made.steps), 1);
        vm.assertEq(uint256(made.deadline), deadline);
        vm.assertEq(uint256(made.version), 1);
        vm.assertEq(uint256(made.outcome), 0);
        vm.assertEq(made.graphHash, "other");
        vm.assertEq(workflows.workflowCount(), 2);
        vm.assertEq(workflows.budgetOf(2), 7);
        vm.assertTrue(workflows.isOpen(2));
        vm.assertFalse(workflows.isOpen(3));
    }

    function test_Creating_refuses_what_is_empty_or_out_of_bounds() public {
        vm.startPrank(client);
        vm.expectRevert(IWorkflows.EmptyBudget.selector);
        workflows.create(0, "graph", 3, deadline, "uri");
        vm.expectRevert(IWorkflows.ZeroHash.selector);
        workflows.create(1, 0, 3, deadline, "uri");
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepsOutOfBounds.selector, 0, 32));
        workflows.create(1, "graph", 0, deadline, "uri");
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepsOutOfBounds.selector, 33, 32));
        workflows.create(1, "graph", 33, deadline, "uri");
        uint64 time = uint64(block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IWorkflows.DeadlineOutOfBounds.selector, time, time + 1 hours, time + 730 days)
        );
        workflows.create(1, "graph", 3, time, "uri");
        vm.stopPrank();
        vm.prank(guardian);
        breaker().trip(0, 1, 1 hours, "why");
        vm.expectPartialRevert(IBreaker.Tripped.selector);
        vm.prank(client);
        workflows.create(1, "graph", 3, deadline, "uri");
    }

    function breaker() private view returns (IBreaker) {
        return IBreaker(wiring.breaker);
    }

    function test_The_client_adds_to_the_budget() public {
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.credit(client), Accounts.workflow(id), bytes32(id), 5, Reasons.WORKFLOW_BUDGET);
        vm.prank(client);
        workflows.addBudget(id, 5);
        vm.assertEq(workflows.budgetOf(id), 5_000 * CREDITS + 5);
        vm.expectRevert(IWorkflows.EmptyBudget.selector);
        vm.prank(client);
        workflows.addBudget(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.OnlyClient.selector, id, watcher));
        vm.prank(watcher);
        workflows.addBudget(id, 5);
    }

    function test_Linking_moves_the_escrow_out_of_the_budget() public {
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowStepLinked(id, 1, 2, 0);
        vm.assertEq(link(2, 0), 1);
        vm.assertEq(workflows.budgetOf(id), 4_000 * CREDITS);
        vm.assertEq(balance(Accounts.task(1)), 1_000 * CREDITS);
        vm.assertEq(market.taskOf(1).client, client);
        Step memory step = workflows.stepOf(id, 2);
        vm.assertEq(uint256(step.taskId), 1);
        vm.assertEq(uint256(step.version), 1);
        vm.assertEq(step.dependsOn, 0);
    }

    function test_A_step_opens_once_what_it_depends_on_is_finalized() public {
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.DependencyOpen.selector, id, 1, 0));
        link(1, 1);
        uint256 taskId = link(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.DependencyOpen.selector, id, 1, 0));
        link(1, 1);
        finish(taskId, 800 * CREDITS);
        // The difference of the price came back into the budget.
        vm.assertEq(workflows.budgetOf(id), 4_200 * CREDITS);
        link(1, 1);
        vm.assertEq(workflows.stepOf(id, 1).dependsOn, 1);
    }

    function test_Linking_refuses_strangers_unknown_linked_and_late_steps() public {
        Terms memory asked = taskTerms();
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.OnlyClient.selector, id, watcher));
        vm.prank(watcher);
        workflows.linkStep(id, 0, 0, 0, asked);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 3));
        link(3, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 0));
        link(0, 1);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 3));
        link(0, 8);
        uint256 taskId = link(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepIsLinked.selector, id, 0, taskId));
        link(0, 0);
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, deadline, deadline));
        link(1, 0);
    }

    function test_A_budget_that_is_used_up_opens_no_step() public {
        vm.prank(client);
        id = workflows.create(999 * CREDITS, "graph", 3, deadline, "uri");
        Terms memory asked = taskTerms();
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        vm.prank(client);
        workflows.linkStep(id, 0, 0, 0, asked);
    }

    function test_A_failed_step_stops_the_workflow_until_a_patch_replaces_it() public {
        uint256 taskId = link(0, 0);
        cancel(taskId);
        vm.assertEq(workflows.budgetOf(id), 5_000 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepFailed.selector, id, 0));
        link(1, 0);
        patch(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepFailed.selector, id, 0));
        link(1, 0);
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowPatched(id, 3, 2, "patch", 1);
        patch(2, 1);
        vm.assertEq(uint256(workflows.stepOf(id, 0).taskId), 0);
        vm.assertEq(workflows.patchOf(id, 3), "patch");
        vm.assertEq(uint256(found().version), 3);
        link(1, 0);
        link(0, 0);
        vm.assertEq(uint256(workflows.stepOf(id, 0).version), 3);
    }

    function test_Patching_refuses_stale_bases_and_steps_that_did_not_fail() public {
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StaleBase.selector, id, 0, 1));
        patch(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepNotFailed.selector, id, 1));
        patch(1, 2);
        link(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StepNotFailed.selector, id, 1));
        patch(1, 2);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownStep.selector, id, 3));
        patch(1, 8);
        vm.expectRevert(IWorkflows.ZeroHash.selector);
        vm.prank(client);
        workflows.patch(id, 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.OnlyClient.selector, id, maker));
        vm.prank(maker);
        workflows.patch(id, 1, "patch", 0);
    }

    function test_An_agent_vouches_for_a_version_once() public {
        vm.expectEmit(wiring.workflows);
        emit IWorkflows.WorkflowAttested(id, 1, makerId);
        vm.startPrank(maker);
        workflows.attest(id, 1, makerId);
        vm.assertTrue(workflows.hasAttested(id, 1, makerId));
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.AlreadyAttested.selector, id, 1, makerId));
        workflows.attest(id, 1, makerId);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownVersion.selector, id, 2));
        workflows.attest(id, 2, makerId);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.UnknownVersion.selector, id, 0));
        workflows.attest(id, 0, makerId);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, watcherId, maker));
        workflows.attest(id, 1, watcherId);
    }

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
