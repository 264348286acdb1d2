// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Task, TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { IWorkflows, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { vm } from "../Vm.sol";
import { SubjectsChecks } from "./SubjectsChecks.sol";

/// @title The operations of a client's workflows and of the tasks of their steps: what may be done now, and doing it.
abstract contract WorkflowOps is SubjectsChecks {
    function workflowOp(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return create(value);
        if (op == 1) return addBudget(pick, value);
        if (op == 2) return linkStep(pick, value);
        if (op == 3) return patch(pick, value);
        if (op == 4) return attestVersion(pick, value);
        if (op == 5) return workOnAStep(pick, value);
        if (op == 6) return finalizeAStep(pick, value);
        if (op == 7) return cancelAStep(pick);
        return end(op, pick, value);
    }

    function workflowRefusal(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return linkOnAnOpenStep(pick, value);
        if (op == 1) return patchAStaleBase(pick, value);
        return endByOthers(pick, value);
    }

    function stateOf(uint256 id, uint16 step) internal view returns (TaskState) {
        uint256 taskId = workflows.stepOf(id, step).taskId;
        return taskId == 0 ? TaskState.NONE : market.stateOf(taskId);
    }

    /// @dev The steps whose task is in the state, bit by bit.
    function stepsIn(uint256 id, TaskState state) internal view returns (uint256 steps) {
        for (uint16 step; step < workflows.workflowOf(id).steps; ++step) {
            if (stateOf(id, step) == state) steps |= 1 << step;
        }
    }

    function isOpen(uint256 id) private view returns (bool) {
        return workflows.isOpen(id);
    }

    function isFinished(uint256 id) private view returns (bool) {
        return stepsIn(id, TaskState.FINALIZED) == (1 << workflows.workflowOf(id).steps) - 1;
    }

    function isDone(uint256 id) private view returns (bool) {
        return isOpen(id) && isFinished(id);
    }

    function isUnfinished(uint256 id) private view returns (bool) {
        return isOpen(id) && !isFinished(id);
    }

    function isRunning(uint256 id) private view returns (bool) {
        return isUnfinished(id) && block.timestamp < workflows.workflowOf(id).deadline;
    }

    function create(uint256 value) private returns (bool) {
        uint256 budget = some(client, value, 1, 3_000 * CREDITS);
        if (budget == 0) return false;
        uint16 steps = uint16(bound(value >> 128, 1, MOST_STEPS));
        uint64 deadline = uint64(block.timestamp + bound(value >> 136, 1 hours, 9 days));
        vm.prank(client);
        workflows.create(budget, "graph", steps, deadline, "uri");
        return true;
    }

    function addBudget(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isOpen, workflows.workflowCount(), pick);
        uint256 amount = some(client, value, 1, 1_000 * CREDITS);
        if (id == 0 || amount == 0) return false;
        vm.prank(client);
        workflows.addBudget(id, amount);
        return true;
    }

    /// @dev Bids are taken for a day: a walk comes back seldom.
    function stepTerms() private view returns (Terms memory terms) {
        terms = taskTerms();
        terms.bidWindow = 1 days;
    }

    function canLink(uint256 id) private view returns (bool) {
        return isRunning(id) && workflows.budgetOf(id) >= PRICE && stepsIn(id, TaskState.CANCELLED) == 0
            && stepsIn(id, TaskState.NONE) != 0;
    }

    function freeStep(uint256 id, uint256 value) private view returns (uint16 step) {
        uint16 steps = workflows.workflowOf(id).steps;
        step = uint16(value % steps);
        while (stateOf(id, step) != TaskState.NONE) step = (step + 1) % steps;
    }

    function linkStep(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(canLink, workflows.workflowCount(), pick);
        if (id == 0) return false;
        uint16 step = freeStep(id, value);
        uint256 dependsOn = stepsIn(id, TaskState.FINALIZED) & (value >> 8);
        Terms memory terms = stepTerms();
        vm.prank(client);
        workflows.linkStep(id, step, dependsOn, 0, terms);
        return true;
    }

    function canLinkTooSoon(uint256 id) private view returns (bool) {
        return canLink(id) && workflows.workflowOf(id).steps > 1;
    }

    function linkOnAnOpenStep(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(canLinkTooSoon, workflows.workflowCount(), pick);
        if (id == 0) return false;
        uint16 step = freeStep(id, value);
        uint16 open;
        while (open == step || stateOf(id, open) == TaskState.FINALIZED) ++open;
        // All others are finalized.
        if (open == workflows.workflowOf(id).steps) return false;
        uint256 dependsOn = stepsIn(id, TaskState.FINALIZED) | (1 << open);
        Terms memory terms = stepTerms();
        vm.prank(client);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.DependencyOpen.selector, id, step, open));
        workflows.linkStep(id, step, dependsOn, 0, terms);
        return true;
    }

    function patch(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isOpen, workflows.workflowCount(), pick);
        if (id == 0) return false;
        uint256 replaces = stepsIn(id, TaskState.CANCELLED) & value;
        uint32 version = workflows.workflowOf(id).version;
        vm.prank(client);
        workflows.patch(id, version, "patch", replaces);
        return true;
    }

    function patchAStaleBase(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isOpen, workflows.workflowCount(), pick);
        if (id == 0) return false;
        uint32 version = workflows.workflowOf(id).version;
        uint32 base = uint32(value % version);
        vm.prank(client);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StaleBase.selector, id, base, version));
        workflows.patch(id, base, "patch", 0);
        return true;
    }

    function attestVersion(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isOpen, workflows.workflowCount(), pick);
        if (id == 0) return false;
        uint32 version = uint32(1 + value % workflows.workflowOf(id).version);
        for (uint256 i; i < OWNERS; ++i) {
            uint256 k = addmod(value >> 32, i, OWNERS);
            if (workflows.hasAttested(id, version, agents[k])) continue;
            vm.prank(owners[k]);
            workflows.attest(id, version, agents[k]);
            return true;
        }
        return false;
    }

    /// @dev A task in the state, of a step of the last few workflows, the first from `pick` on; 0 when there is none.
    function findTask(TaskState state, uint256 pick) private view returns (uint256) {
        uint256 last = workflows.workflowCount();
        uint256 count = (last < RECENT ? last : RECENT) * MOST_STEPS;
        for (uint256 i; i < count; ++i) {
            uint256 k = addmod(pick, i, count);
            uint256 taskId = workflows.stepOf(last - k / MOST_STEPS, uint16(k % MOST_STEPS)).taskId;
            if (taskId != 0 && market.stateOf(taskId) == state) return taskId;
        }
        return 0;
    }

    /// @dev From the bid to the result.
    function workOnAStep(uint256 pick, uint256 value) private returns (bool) {
        uint256 taskId = findTask(TaskState.BIDDING, pick);
        if (taskId == 0 || stakeAt(makerId) < BOND) return false;
        if (block.timestamp >= market.taskOf(taskId).commitEnd) return false;
        vm.prank(maker);
        uint256 bidId = market.placeBid(taskId, makerId, bound(value, 1, PRICE), 1 hours, "proposal");
        vm.prank(client);
        market.pick(taskId, bidId);
        vm.startPrank(maker);
        works.start(taskId);
        market.submit(taskId, "result", "receipt", "uri");
        vm.stopPrank();
        return true;
    }

    function finalizeAStep(uint256 pick, uint256 value) private returns (bool) {
        uint256 taskId = findTask(TaskState.VERIFYING, pick);
        if (taskId == 0) return false;
        Task memory task = market.taskOf(taskId);
        if (!waits(task.reviewEnd, value, 2)) return false;
        market.finalize(taskId);
        return true;
    }

    function cancelAStep(uint256 pick) private returns (bool) {
        uint256 taskId = findTask(TaskState.BIDDING, pick);
        if (taskId == 0) return false;
        vm.prank(client);
        market.cancel(taskId);
        return true;
    }

    /// @dev 8: by anybody, for the work is done; 9: by anybody, for it is late; 10: by the client.
    function end(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 8 ? isDone : op == 9 ? isUnfinished : isOpen, workflows.workflowCount(), pick);
        if (id == 0) return false;
        if (op == 9 && !waits(workflows.workflowOf(id).deadline, value, 8)) return false;
        if (op == 10) {
            // A client who ended them at every chance would let no workflow live.
            if (value % 4 != 0) return false;
            vm.prank(client);
        }
        workflows.endWorkflow(id);
        return true;
    }

    function endByOthers(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isRunning, workflows.workflowCount(), pick);
        if (id == 0) return false;
        Workflow memory found = workflows.workflowOf(id);
        vm.prank(value % 2 == 0 ? maker : watcher);
        vm.expectRevert(abi.encodeWithSelector(IWorkflows.StillRunning.selector, id, found.deadline));
        workflows.endWorkflow(id);
        return true;
    }
}
