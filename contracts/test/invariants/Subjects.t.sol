// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bounty, IBounties } from "../../src/interfaces/IBounties.sol";
import { EraRoot, IRewards } from "../../src/interfaces/IRewards.sol";
import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { IWorkflows, Step, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { Accounts, Pledge } from "../../src/libraries/Accounts.sol";
import { Economy } from "../Economy.sol";
import { SubjectsDriver } from "../SubjectsDriver.sol";
import { vm } from "../Vm.sol";
import { Watch } from "./Watch.sol";

/// @notice Bounties, era rewards and workflows with tasks, disputes and the pool behind them, watched event by event.
contract SubjectsHandler is SubjectsDriver, Watch {
    function prepare() external {
        vm.recordLogs();
        SubjectsDriver.setUp();
        install();
        watch();
    }

    function setUp() public override(SubjectsDriver, Economy) { }

    function told() internal override {
        watch();
    }

    function untold() internal override {
        overlook();
    }

    function attempt(address who, address target, bytes memory data)
        internal
        override(SubjectsDriver, Economy)
        returns (bool)
    {
        return SubjectsDriver.attempt(who, target, data);
    }

    function skip(uint256 seconds_) internal override(SubjectsDriver, Economy) {
        SubjectsDriver.skip(seconds_);
    }

    function act(uint256 seed) external {
        vm.recordLogs();
        random = uint256(keccak256(abi.encode(seed)));
        subjectStep();
    }

    function lifeOfAnEra() external {
        vm.recordLogs();
        wholeEra();
        watch();
    }

    function count(bytes4 selector) external view returns (uint256) {
        return reached[selector];
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.bounties);
        assertDebits(wiring.rewards);
        assertDebits(wiring.workflows);
    }

    /// @notice An era pays its agents and the treasury what it took and no more; an ended workflow has nothing left, an open
    ///         one at least what it shows; an open bounty covers the awards that it still owes.
    function assertCovered() external view {
        uint256 last = rewards.eraAt(uint64(block.timestamp));
        for (uint256 era = last < 400 ? 1 : last - 400; era < last; ++era) {
            assertEra(era);
        }
        for (uint256 id = 1; id <= workflows.workflowCount(); ++id) {
            assertWorkflow(id);
        }
        for (uint256 id = 1; id <= bounties.bountyCount(); ++id) {
            Bounty memory found = bounties.bountyOf(id);
            uint256 owed = found.closed ? 0 : uint256(found.maxAwards - found.awarded) * found.award;
            vm.assertGe(balance(Accounts.bounty(id)), owed, "awards of a bounty");
            if (found.closed) vm.assertEq(balance(Accounts.bounty(id)), 0, "a closed bounty");
        }
        for (uint256 id = 1; id <= bounties.claimCount(); ++id) {
            bool undecided = bounties.claimOf(id).status == 1;
            uint256 bond = bounties.claimBond(bounties.bountyOf(bounties.claimOf(id).bountyId).award);
            uint256 held = balance(Accounts.atRisk(Pledge.BOUNTY_CLAIM, id));
            // After a split, B has gone to the court and home: half of the bond is left.
            if (bounties.claimOf(id).halved) bond -= bond / 2;
            if (undecided) vm.assertEq(held, bond, "bond of a claim");
        }
    }

    function assertEra(uint256 era) private view {
        EraRoot memory posted = rewards.eraOf(era);
        if (posted.posting == 0) return;
        uint256 pledge = balance(rewards.pledgeOf(era));
        if (posted.status == 1) vm.assertEq(pledge, posted.bond, "bond of a poster");
        if (posted.status >= 3) vm.assertEq(pledge, 0, "bond of a settled era");
        uint256 held = balance(Accounts.reward(era, 0));
        for (uint256 i; i < 4; ++i) {
            uint256 granted = rewards.grantOf(era, agents[i]);
            uint256 left = balance(Accounts.reward(era, agents[i]));
            vm.assertLe(left, granted, "a reward");
            vm.assertLe(rewards.vestedOf(era, agents[i]), left, "vested and there");
            held += left;
        }
        vm.assertLe(held, posted.total, "rewards of an era");
        vm.assertLe(posted.total, parameters.get("eraPool"), "an era's pool");
    }

    function assertWorkflow(uint256 id) private view {
        Workflow memory found = workflows.workflowOf(id);
        uint256 held = balance(Accounts.workflow(id));
        if (found.outcome != 0) vm.assertEq(held, 0, "an ended workflow");
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
}

contract SubjectsInvariants {
    bool public constant IS_TEST = true;
    SubjectsHandler private handler;

    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        handler = new SubjectsHandler();
        handler.prepare();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (Selectors[] memory chosen) {
        chosen = new Selectors[](1);
        bytes4[] memory all = new bytes4[](1);
        all[0] = SubjectsHandler.act.selector;
        chosen[0] = Selectors(address(handler), all);
    }

    /// @dev One walk for all: a walk of its own for each invariant would be the same walk again.
    function invariant_Accounts_and_votes_agree_and_bounties_eras_and_workflows_cover_what_they_owe() public view {
        handler.assertConserved();
        handler.assertBonded();
        handler.assertCovered();
    }

    function test_The_handler_reaches_every_state() public {
        for (uint256 i; i < 2_400; ++i) {
            handler.act(uint256(keccak256(abi.encode("reach", i))));
        }
        handler.lifeOfAnEra();
        bytes4[20] memory all = [
            IBounties.openBounty.selector,
            IBounties.claim.selector,
            IBounties.award.selector,
            IBounties.payClaim.selector,
            IBounties.releaseClaim.selector,
            IBounties.closeBounty.selector,
            IRewards.postRoot.selector,
            IRewards.settleEra.selector,
            IRewards.claim.selector,
            IRewards.release.selector,
            IRewards.sweepEra.selector,
            IWorkflows.create.selector,
            IWorkflows.linkStep.selector,
            IWorkflows.patch.selector,
            IWorkflows.attest.selector,
            IWorkflows.addBudget.selector,
            IWorkflows.endWorkflow.selector,
            IDisputes.open.selector,
            IDisputes.withdraw.selector,
            IDisputes.concede.selector
        ];
        for (uint256 i; i < 20; ++i) {
            vm.assertGt(handler.count(all[i]), 0, vm.toString(bytes32(all[i])));
        }
        handler.assertConserved();
        handler.assertCovered();
        handler.assertLeastPrivilege();
    }
}
