// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { Bounties } from "../../src/collaboration/Bounties.sol";
import { Workflows } from "../../src/collaboration/Workflows.sol";
import { Rewards } from "../../src/governance/Rewards.sol";
import { Bounty, BountyClaim, IBounties } from "../../src/interfaces/IBounties.sol";
import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { EraRoot, IRewards } from "../../src/interfaces/IRewards.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkflows, Step, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Economy } from "../Economy.sol";
import { Subjects } from "../Subjects.sol";
import { SubjectsDriver } from "../SubjectsDriver.sol";
import { vm, Vm } from "../Vm.sol";
import { Fold, IReplica } from "./Fold.sol";
import { Notebook } from "./Walk.sol";

contract BountiesReplica is Bounties, IReplica {
    address private immutable ORIGINAL;
    Notebook private immutable NOTEBOOK = new Notebook();

    constructor(Wiring memory wiring, Genesis memory genesis) Bounties(wiring, genesis) {
        ORIGINAL = wiring.bounties;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter == DISPUTES) return _foldDispute(log);
        if (log.emitter != ORIGINAL) return;
        uint256 id = uint256(log.topics[1]);
        uint256 claimId = log.topics.length > 2 ? uint256(log.topics[2]) : 0;
        if (log.topics[0] == BountyOpened.selector) {
            _foldOpened(id, address(uint160(claimId)), log.data);
        } else if (log.topics[0] == BountyClaimed.selector) {
            _foldClaimed(id, claimId, uint256(log.topics[3]), abi.decode(log.data, (bytes32)));
        } else if (log.topics[0] == BountyAwarded.selector) {
            _claims[claimId].status = AWARDED;
            ++_bounties[id].awarded;
            ++_bounties[id].decided;
            if (abi.decode(log.data, (uint8)) == IN_TURN) _advance(id, _bounties[id]);
        } else if (log.topics[0] == BountyClaimEnded.selector) {
            _claims[claimId].status = abi.decode(log.data, (uint8)) == 1 ? REJECTED : RELEASED;
            ++_bounties[id].decided;
        } else if (log.topics[0] == BountyClosed.selector) {
            _bounties[id].closed = true;
        } else if (log.topics[0] == BountyClaimReviewSet.selector) {
            _claims[claimId].reviewEnd = abi.decode(log.data, (uint64));
        }
    }

    function _foldOpened(uint256 id, address sponsor, bytes calldata data) private {
        _bountyCount = uint64(id);
        _bounties[id].sponsor = sponsor;
        Bounty storage bounty = _bounties[id];
        (bounty.maxAwards, bounty.claimEnd, bounty.awardEnd) = abi.decode(data, (uint16, uint64, uint64));
        (bounty.challengeWindow, bounty.award, bounty.criteriaHash) = abi.decode(data[96:], (uint32, uint256, bytes32));
    }

    function _foldClaimed(uint256 id, uint256 claimId, uint256 agentId, bytes32 workHash) private {
        _claimCount = uint64(claimId);
        uint16 position = ++_bounties[id].claims;
        _claims[claimId] = BountyClaim(uint64(id), uint64(agentId), 0, position, PENDING, false, false, workHash);
        _order[id][position] = claimId;
        _ofAgent[id][agentId] = claimId;
        // The owner at that moment, as the registry's Transfer events say; the agent is locked from here on.
        _ofOwner[id][REGISTRY.ownerOf(agentId)] = claimId;
    }

    function _foldDispute(Vm.Log calldata log) private {
        if (log.topics[0] == IDisputes.DisputeOpened.selector) {
            (, uint8 kind,,) = abi.decode(log.data, (uint256, uint8, bytes32, uint64));
            if (kind != KIND) return;
            NOTEBOOK.note(log.topics[1], bytes32(Accounts.idOf(log.topics[2])));
            _claims[Accounts.idOf(log.topics[2])].status = DISPUTED;
        } else if (log.topics[0] == IDisputes.DisputeSettled.selector) {
            uint256 claimId = uint256(NOTEBOOK.noted(log.topics[1]));
            if (claimId == 0) return;
            (uint8 ruling, uint8 cause) = abi.decode(log.data, (uint8, uint8));
            if (ruling != WORTHLESS) _foldSurvived(claimId, ruling, cause);
        }
    }

    function _foldSurvived(uint256 claimId, uint8 ruling, uint8 cause) private {
        BountyClaim storage claimed = _claims[claimId];
        claimed.status = PENDING;
        // A challenge that was taken back leaves a reviewEnd, which has an event of its own.
        if (ruling == NOT_WORTHLESS && cause == WITHDRAWN) return;
        claimed.ruled = true;
        claimed.halved = ruling != NOT_WORTHLESS;
    }
}

contract RewardsReplica is Rewards, IReplica {
    address private immutable ORIGINAL;
    Notebook private immutable NOTEBOOK = new Notebook();

    constructor(Wiring memory wiring, Genesis memory genesis) Rewards(wiring, genesis) {
        ORIGINAL = wiring.rewards;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter == DISPUTES) return _foldDispute(log);
        if (log.emitter == address(VAULT)) return _foldMoved(log);
        if (log.emitter != ORIGINAL) return;
        uint256 era = uint256(log.topics[1]);
        EraRoot storage posted = _eras[era];
        if (log.topics[0] == EraRootPosted.selector) {
            uint64 posterId = uint64(uint256(log.topics[2]));
            (bytes32 root, uint256 total, uint64 finalAt) = abi.decode(log.data, (bytes32, uint256, uint64));
            _eras[era] = EraRoot(POSTED, false, posted.posting + 1, finalAt, 0, posterId, 0, 0, total, root);
        } else if (log.topics[0] == EraRootSettled.selector) {
            bool accepted;
            (accepted, posted.vestStart, posted.vestEnd) = abi.decode(log.data, (bool, uint64, uint64));
            posted.status = accepted ? ACCEPTED : NOT_ACCEPTED;
            if (accepted) _paidIn[block.timestamp / ERA] += posted.total;
        } else if (log.topics[0] == RewardGranted.selector) {
            (_grants[era][uint256(log.topics[2])],,) = abi.decode(log.data, (uint256, uint64, uint64));
        }
    }

    /// @dev The bond is what moved into the pledge of the era's present posting.
    function _foldMoved(Vm.Log calldata log) private {
        if (log.topics[0] != IVault.Moved.selector) return;
        (uint256 amount, uint8 reason) = abi.decode(log.data, (uint256, uint8));
        uint256 era = uint256(log.topics[3]);
        if (reason == Reasons.POSTER_BOND && era < 1 << 64 && log.topics[2] == pledgeOf(era)) _eras[era].bond = amount;
    }

    function _foldDispute(Vm.Log calldata log) private {
        if (log.topics[0] == IDisputes.DisputeOpened.selector) {
            (, uint8 kind,,) = abi.decode(log.data, (uint256, uint8, bytes32, uint64));
            if (kind != KIND) return;
            NOTEBOOK.note(log.topics[1], bytes32(Accounts.idOf(log.topics[2])));
            _eras[Accounts.idOf(log.topics[2])].status = DISPUTED;
        } else if (log.topics[0] == IDisputes.DisputeSettled.selector) {
            uint256 era = uint256(NOTEBOOK.noted(log.topics[1]));
            (uint8 ruling, uint8 cause) = abi.decode(log.data, (uint8, uint8));
            if (era == 0 || ruling != CONFIRMED) return;
            _eras[era].status = POSTED;
            uint256 again = block.timestamp + CHALLENGE_WINDOW;
            if (cause == WITHDRAWN) _eras[era].finalAt = uint64(Math.max(_eras[era].finalAt, again));
            else _eras[era].ruled = true;
        }
    }
}

contract WorkflowsReplica is Workflows, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Workflows(wiring, genesis) {
        ORIGINAL = wiring.workflows;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        uint256 id = uint256(log.topics[1]);
        if (log.topics[0] == WorkflowCreated.selector) {
            _count = id;
            (bytes32 graph, uint16 steps, uint64 deadline,) = abi.decode(log.data, (bytes32, uint16, uint64, string));
            _workflows[id] = Workflow(address(uint160(uint256(log.topics[2]))), steps, deadline, 0, 1, graph);
        } else if (log.topics[0] == WorkflowStepLinked.selector) {
            (uint16 step, uint256 dependsOn) = abi.decode(log.data, (uint16, uint256));
            _steps[id][step] = Step(uint64(uint256(log.topics[2])), _workflows[id].version, dependsOn);
        } else if (log.topics[0] == WorkflowPatched.selector) {
            (uint32 version,, bytes32 hash, uint256 replaces) = abi.decode(log.data, (uint32, uint32, bytes32, uint256));
            _workflows[id].version = version;
            _patches[id][version] = hash;
            for (uint16 step; step < MOST_STEPS; ++step) {
                if ((replaces >> step) & 1 == 1) _steps[id][step].taskId = 0;
            }
        } else if (log.topics[0] == WorkflowAttested.selector) {
            _attested[id][abi.decode(log.data, (uint32))][uint256(log.topics[2])] = true;
        } else if (log.topics[0] == WorkflowEnded.selector) {
            _workflows[id].outcome = abi.decode(log.data, (uint8));
        }
    }
}

/// @notice Bounties, era roots and workflows beside the real court and the real market.
contract SubjectsFoldTest is SubjectsDriver, Fold {
    uint256 private constant STRETCH = 100;

    function setUp() public override(Subjects, Fold) {
        super.setUp();
        follow(wiring.bounties, address(new BountiesReplica(wiring, genesis())));
        follow(wiring.rewards, address(new RewardsReplica(wiring, genesis())));
        follow(wiring.workflows, address(new WorkflowsReplica(wiring, genesis())));
    }

    function told() internal override {
        foldNow();
    }

    function untold() internal override {
        dropLogs();
    }

    function attempt(address who, address target, bytes memory data)
        internal
        override(Economy, SubjectsDriver)
        returns (bool)
    {
        return SubjectsDriver.attempt(who, target, data);
    }

    function skip(uint256 seconds_) internal override(Economy, SubjectsDriver) {
        SubjectsDriver.skip(seconds_);
    }

    function walk(uint256 seed, uint256 steps) private {
        random = seed;
        for (uint256 left = steps; left != 0;) {
            uint256 taken = left < STRETCH ? left : STRETCH;
            this.walkOn(taken);
            left -= taken;
        }
        assertFolded();
    }

    /// @dev Called from outside, so that the memory of every stretch is given back.
    function walkOn(uint256 steps) external {
        for (uint256 i; i < steps; ++i) {
            subjectStep();
        }
    }

    function test_The_events_alone_rebuild_bounties_rewards_and_workflows() public {
        walk(11, 1_200);
        walk(21, 900);
        wholeEra();
        assertFolded();
        bytes4[16] memory all = [
            IBounties.openBounty.selector,
            IBounties.claim.selector,
            IBounties.award.selector,
            IBounties.payClaim.selector,
            IBounties.releaseClaim.selector,
            IBounties.closeBounty.selector,
            IRewards.postRoot.selector,
            IRewards.settleEra.selector,
            IRewards.release.selector,
            IRewards.sweepEra.selector,
            IWorkflows.create.selector,
            IWorkflows.linkStep.selector,
            IWorkflows.patch.selector,
            IWorkflows.attest.selector,
            IWorkflows.addBudget.selector,
            IWorkflows.endWorkflow.selector
        ];
        for (uint256 i; i < 16; ++i) {
            vm.assertGt(reached[all[i]], 0, vm.toString(bytes32(all[i])));
        }
        vm.assertGt(reached[IRewards.claim.selector], 0);
        vm.assertGt(reached[IDisputes.withdraw.selector], 0);
        vm.assertGt(reached[IDisputes.concede.selector], 0);
        for (uint256 choice = 1; choice < 4; ++choice) {
            vm.assertGt(reached[bytes4(bytes32(choice << 224))], 0);
        }
    }

    /// @dev walk(11, 3_000) once stopped with TooEarly(2063778141, 0): a respondent with a strike met seven seats where five
    ///      are members, and those who voted after a year of silence weigh 4,000 times as much as those who did not.
    function test_A_struck_respondent_is_judged_by_three_where_five_are_members() public {
        skip(366 days);
        uint256 era = rewards.eraAt(uint64(block.timestamp)) - 1;
        for (uint256 i; i < 2; ++i) {
            bytes memory data = abi.encodeCall(IRewards.postRoot, (era, "root", 40 * CREDITS, agents[0]));
            vm.assertTrue(attempt(owners[0], wiring.rewards, data));
            data = abi.encodeCall(IDisputes.open, (7, era, watcherId, CLAIM));
            vm.assertTrue(attempt(watcher, wiring.disputes, data));
            foldNow();
            skip(court.disputeOf(i + 1).evidenceEnd - block.timestamp);
            judge(i + 1, Court.UPHOLD);
        }
        vm.assertEq(uint256(court.disputeOf(2).strikes), 1);
        vm.assertEq(court.roundOf(2, 1, 1).panelSize, 3);
        vm.assertEq(court.disputeOf(2).ruling, Court.UPHOLD);
        foldNow();
        assertFolded();
    }

    function test_A_long_walk_is_rebuilt() public {
        walk(11, 3_000);
        assertFolded();
    }

    /// forge-config: default.fuzz.runs = 8
    function test_Fuzz_the_events_alone_rebuild_bounties_rewards_and_workflows(uint256 seed) public {
        walk(seed, 120);
    }
}
