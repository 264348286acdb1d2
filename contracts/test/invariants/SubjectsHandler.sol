// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bounty, BountyClaim } from "../../src/interfaces/IBounties.sol";
import { Court, Dispute, Phase } from "../../src/interfaces/IDisputes.sol";
import { EraRoot } from "../../src/interfaces/IRewards.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Step, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { CaseOps } from "./CaseOps.sol";
import { WorkflowOps } from "./WorkflowOps.sol";
import { vm } from "../Vm.sol";

/// @title All operations on bounties, eras, workflows and disputes about them, and the states that a good walk sees.
contract SubjectsHandler is CaseOps, WorkflowOps {
    uint256 private constant ERA = 6;
    uint256 private constant WORKFLOW = 11;
    uint256 private constant CASE = 22;
    uint256 private constant WAIT = 31;
    uint256 private constant REFUSED = 32;

    constructor() {
        vm.recordLogs();
        setUp();
        install();
        watch();
        string[48] memory all = [
            "openBounty",
            "claim a bounty",
            "award",
            "payClaim",
            "releaseClaim",
            "closeBounty",
            "postRoot",
            "settleEra",
            "claim a reward",
            "release",
            "sweepEra",
            "create",
            "addBudget",
            "linkStep",
            "patch",
            "attest",
            "work on a step",
            "finalize a step",
            "cancel a step",
            "endWorkflow that is done",
            "endWorkflow that is late",
            "endWorkflow by its client",
            "open for an era",
            "open for a claim",
            "withdraw",
            "concede",
            "startRound",
            "draw",
            "vote",
            "appeal",
            "settle",
            "wait",
            "claim again is refused",
            "claim by the sponsor is refused",
            "payClaim too early is refused",
            "payClaim before its turn is refused",
            "closeBounty with an undecided claim is refused",
            "postRoot of an era that is not over is refused",
            "settleEra too early is refused",
            "settleEra beyond what a week pays is refused",
            "claim a reward again is refused",
            "claim more than was proven is refused",
            "release nothing is refused",
            "sweepEra within its time is refused",
            "linkStep on an open dependency is refused",
            "patch on a stale base is refused",
            "endWorkflow by others is refused",
            "open for what was ruled is refused"
        ];
        for (uint256 i; i < all.length; ++i) {
            name(all[i]);
        }
        string[37] memory states = [
            "bounty open",
            "bounty closed with no claim",
            "bounty closed with all awards",
            "bounty closed with awards left",
            "claim pending",
            "claim disputed",
            "claim awarded",
            "claim rejected",
            "claim released",
            "claim under review again",
            "claim not worthless",
            "claim halved",
            "era posted",
            "era disputed",
            "era accepted",
            "era not accepted",
            "era confirmed",
            "era posted again",
            "era that was swept",
            "workflow open",
            "workflow completed",
            "workflow failed",
            "workflow ended by its client",
            "workflow expired",
            "a step that failed",
            "a step that was replaced",
            "a step that depends on another",
            "a step that outlives its workflow",
            "evidence",
            "draw",
            "voting",
            "appeal",
            "settled",
            "ruling 1",
            "ruling 2",
            "ruling 3",
            "an appeal"
        ];
        for (uint256 i; i < states.length; ++i) {
            expectState(states[i]);
        }
    }

    function perform(uint256 op, uint256 pick, uint256 value) internal override returns (bool did) {
        if (op < ERA) return bountyOp(op, pick, value);
        if (op < WORKFLOW) return eraOp(op - ERA, pick, value);
        if (op < CASE) return workflowOp(op - WORKFLOW, pick, value);
        if (op < WAIT) return caseOp(op - CASE, pick, value);
        if (op == WAIT) {
            skip(value % 3 hours);
            return true;
        }
        did = refusal(op - REFUSED, pick, value);
        // What a refused call has moved before its end is recorded, too.
        overlook();
    }

    function refusal(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        if (op < 5) return bountyRefusal(op, pick, value);
        if (op < 12) return eraRefusal(op - 5, pick, value);
        if (op < 15) return workflowRefusal(op - 12, pick, value);
        return openAgain(pick);
    }

    function look() internal override {
        lookAtBounties();
        lookAtEras();
        lookAtWorkflows();
        uint256 last = court.disputeCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            Dispute memory d = court.disputeOf(id);
            ++seen[27 + uint256(d.phase)];
            if (d.phase == Phase.SETTLED && d.cause == Court.RULED) ++seen[32 + d.ruling];
            if (d.round > 1) ++seen[36];
        }
    }

    function lookAtBounties() private {
        uint256 last = bounties.bountyCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            Bounty memory found = bounties.bountyOf(id);
            ++seen[!found.closed ? 0 : found.claims == 0 ? 1 : found.awarded == found.maxAwards ? 2 : 3];
        }
        last = bounties.claimCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            BountyClaim memory found = bounties.claimOf(id);
            ++seen[3 + found.status];
            if (found.status == 1 && found.reviewEnd != 0) ++seen[9];
            if (found.ruled) ++seen[found.halved ? 11 : 10];
        }
    }

    function lookAtEras() private {
        uint256 last = posted.length;
        for (uint256 place = last; place != 0 && last - place < RECENT; --place) {
            (uint256 era, EraRoot memory root) = rootAt(place);
            ++seen[11 + root.status];
            if (root.ruled) ++seen[16];
            if (root.posting > 1) ++seen[17];
            if (root.status == 3 && balance(Accounts.reward(era, 0)) == 0) ++seen[18];
        }
    }

    function lookAtWorkflows() private {
        uint256 last = workflows.workflowCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            Workflow memory found = workflows.workflowOf(id);
            ++seen[19 + found.outcome];
            if (stepsIn(id, TaskState.CANCELLED) != 0) ++seen[24];
            if (found.outcome != 0 && stepsIn(id, TaskState.VERIFYING) != 0) ++seen[27];
            for (uint16 step; step < found.steps; ++step) {
                Step memory linked = workflows.stepOf(id, step);
                if (linked.taskId == 0 && linked.version != 0) ++seen[25];
                if (linked.dependsOn != 0) ++seen[26];
            }
        }
    }
}
