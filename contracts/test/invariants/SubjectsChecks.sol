// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bounty, BountyClaim } from "../../src/interfaces/IBounties.sol";
import { Phase } from "../../src/interfaces/IDisputes.sol";
import { EraRoot } from "../../src/interfaces/IRewards.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Step, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { Accounts, Pledge } from "../../src/libraries/Accounts.sol";
import { Economy } from "../Economy.sol";
import { Subjects } from "../Subjects.sol";
import { vm } from "../Vm.sol";
import { Ops } from "./Ops.sol";

/// @title What must hold at bounties, eras and workflows between any two calls, and how an operation finds its object.
abstract contract SubjectsChecks is Subjects, Ops {
    uint256 internal constant RECENT = 6;
    uint16 internal constant MOST_STEPS = 3;

    /// @dev Every era that a root was posted for, once: the others are empty.
    uint256[] internal posted;

    /// @dev Whoever claims sponsors, too; verifiers outlive many seats that they miss; two eras are over.
    function setUp() public virtual override(Subjects, Economy) {
        Subjects.setUp();
        for (uint256 i; i < OWNERS; ++i) {
            fund(owners[i], 100_000 * CREDITS);
        }
        for (uint256 i; i < verifiers.length; ++i) {
            bondAgent(verifiers[i], 100_000 * CREDITS);
        }
        later((rewards.firstEra() + 2) * 7 days);
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.bounties);
        assertDebits(wiring.rewards);
        assertDebits(wiring.workflows);
    }

    /// @notice An era pays its agents and the treasury what it took and no more; an ended workflow has nothing left; an
    ///         open bounty covers the awards that it still owes; an undecided claim has its bond, a decided one none.
    function assertCovered() external view {
        for (uint256 i; i < posted.length; ++i) {
            checkEra(posted[i]);
        }
        for (uint256 id = 1; id <= workflows.workflowCount(); ++id) {
            checkWorkflow(id);
        }
        for (uint256 id = 1; id <= bounties.bountyCount(); ++id) {
            Bounty memory found = bounties.bountyOf(id);
            uint256 left = uint256(found.maxAwards - found.awarded) * found.award;
            if (!found.closed) vm.assertGe(balance(Accounts.bounty(id)), left, "awards of a bounty");
            else vm.assertEq(balance(Accounts.bounty(id)), 0, "a closed bounty");
        }
        for (uint256 id = 1; id <= bounties.claimCount(); ++id) {
            checkClaim(id);
        }
    }

    function checkClaim(uint256 id) private view {
        BountyClaim memory found = bounties.claimOf(id);
        uint256 bond = bounties.claimBond(bounties.bountyOf(found.bountyId).award);
        uint256 held = balance(Accounts.atRisk(Pledge.BOUNTY_CLAIM, id));
        // B is half of it; after a challenge that was taken back it is all.
        uint256 rest = found.reviewEnd == 0 ? bond - bond / 2 : 0;
        // A split sends B home.
        if (found.status == 1) vm.assertEq(held, found.halved ? rest : bond, "bond of a claim");
        else if (found.status == 2) vm.assertEq(held, rest, "bond of a disputed claim");
        else vm.assertEq(held, 0, "bond of a decided claim");
    }

    function checkEra(uint256 era) private view {
        EraRoot memory root = rewards.eraOf(era);
        uint256 pledge = balance(rewards.pledgeOf(era));
        vm.assertEq(pledge, root.status == 1 ? root.bond : 0, "bond of a poster");
        uint256 held = balance(Accounts.reward(era, 0));
        for (uint256 i; i < OWNERS; ++i) {
            uint256 granted = rewards.grantOf(era, agents[i]);
            uint256 left = balance(Accounts.reward(era, agents[i]));
            vm.assertLe(left, granted, "a reward");
            vm.assertLe(rewards.vestedOf(era, agents[i]), left, "vested and there");
            held += left;
        }
        vm.assertLe(held, root.total, "rewards of an era");
        vm.assertLe(root.total, parameters.get("eraPool"), "an era's pool");
    }

    function checkWorkflow(uint256 id) private view {
        Workflow memory found = workflows.workflowOf(id);
        if (found.outcome != 0) vm.assertEq(balance(Accounts.workflow(id)), 0, "an ended workflow");
        for (uint16 step; step < found.steps; ++step) {
            Step memory linked = workflows.stepOf(id, step);
            if (linked.taskId == 0) continue;
            vm.assertEq(market.taskOf(linked.taskId).funding, Accounts.workflow(id), "who pays a step");
            if (linked.dependsOn == 0) continue;
            for (uint16 other; other < found.steps; ++other) {
                if ((linked.dependsOn >> other) & 1 == 0) continue;
                TaskState state = market.stateOf(workflows.stepOf(id, other).taskId);
                vm.assertEq(uint256(state), uint256(TaskState.FINALIZED), "what a step depends on");
            }
        }
    }

    /// @dev The last few of a kind that the operation fits, the first from `pick` on; 0 when none does.
    function find(function(uint256) internal view returns (bool) fits, uint256 last, uint256 pick)
        internal
        view
        returns (uint256)
    {
        uint256 count = last < RECENT ? last : RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 id = last - addmod(pick, i, count);
            if (fits(id)) return id;
        }
        return 0;
    }

    function later(uint256 time) internal {
        if (block.timestamp < time) vm.warp(time);
    }

    /// @dev What is not due is seldom waited for, and more seldom while a panel sits: whoever always waited would let
    ///      nothing else live.
    function waits(uint256 time, uint256 value, uint256 oneIn) internal returns (bool) {
        if (block.timestamp < time && value % (aPanelSits() ? 8 * oneIn : oneIn) != 0) return false;
        later(time);
        return true;
    }

    function aPanelSits() private view returns (bool) {
        uint256 last = court.disputeCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            if (court.disputeOf(id).phase == Phase.VOTING) return true;
        }
        return false;
    }

    /// @dev From `least` up to `most` of what somebody has; 0 when that is less.
    function some(address who, uint256 value, uint256 least, uint256 most) internal view returns (uint256) {
        uint256 has = creditOf(who);
        if (has < least) return 0;
        return bound(value, least, has < most ? has : most);
    }
}
