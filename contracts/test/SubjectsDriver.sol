// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BountyTerms, IBounties } from "../src/interfaces/IBounties.sol";
import { IDisputes, Phase } from "../src/interfaces/IDisputes.sol";
import { IRewards } from "../src/interfaces/IRewards.sol";
import { TaskState } from "../src/interfaces/ITaskMarket.sol";
import { IWorkflows } from "../src/interfaces/IWorkflows.sol";
import { EraRewards } from "./rewards/EraRewards.sol";
import { Subjects } from "./Subjects.sol";
import { vm } from "./Vm.sol";

/// @title Random lives of bounties, era roots and workflows beside the real court and the real market.
/// @notice What is refused is part of it. `told` is called when what went through is complete and before time moves,
///         `untold` when a call was refused; `reached` counts what went through by selector.
abstract contract SubjectsDriver is Subjects {
    mapping(bytes4 selector => uint256) internal reached;
    uint256 internal random;

    function told() internal virtual;

    function untold() internal virtual;

    function attempt(address who, address target, bytes memory data) internal virtual override returns (bool done) {
        told();
        done = super.attempt(who, target, data);
        if (done) ++reached[bytes4(data)];
        else untold();
    }

    function skip(uint256 seconds_) internal virtual override {
        told();
        super.skip(seconds_);
    }

    function subjectStep() internal {
        if (dice(3) == 0) skip(dice(1 days));
        uint256 field = dice(4);
        if (field == 0) stepBounty();
        else if (field == 1) stepEra();
        else if (field == 2) stepWorkflow();
        else stepDispute();
        told();
    }

    function dice(uint256 sides) internal returns (uint256) {
        random = uint256(keccak256(abi.encode(random)));
        return (random >> 16) % sides;
    }

    function stepBounty() internal {
        uint256 action = dice(8);
        uint256 i = dice(4);
        uint256 last = bounties.bountyCount();
        uint256 claimId = bounties.claimCount();
        claimId = claimId < 3 || dice(3) == 0 ? 1 + dice(claimId + 1) : claimId - dice(3);
        uint64 time = uint64(block.timestamp);
        if (action == 0) {
            BountyTerms memory asked = BountyTerms(
                dice(1_000 * CREDITS), uint16(dice(4)), time + 2 days, time + 3 days, 2 hours, "criteria", "uri"
            );
            attempt(client, wiring.bounties, abi.encodeCall(IBounties.openBounty, (asked)));
        } else if (action < 4) {
            attempt(owners[i], wiring.bounties, abi.encodeCall(IBounties.claim, (last, agents[i], "work")));
        } else if (action == 4) {
            attempt(client, wiring.bounties, abi.encodeCall(IBounties.award, (claimId)));
        } else if (action == 5) {
            attempt(owners[i], wiring.bounties, abi.encodeCall(IBounties.payClaim, (claimId)));
        } else if (action == 6) {
            attempt(owners[i], wiring.bounties, abi.encodeCall(IBounties.releaseClaim, (claimId)));
        } else {
            uint256 bountyId = 1 + dice(last + 1);
            attempt(owners[i], wiring.bounties, abi.encodeCall(IBounties.closeBounty, (bountyId)));
        }
    }

    function stepEra() internal {
        uint256 era = rewards.eraAt(uint64(block.timestamp)) - 1 - dice(2);
        bytes32[] memory leaves = new bytes32[](4);
        for (uint256 i; i < 4; ++i) {
            leaves[i] = EraRewards.leaf(era, i, agents[i], 10 * CREDITS);
        }
        uint256 action = dice(6);
        uint256 index = dice(4);
        if (action < 2) {
            bytes memory data =
                abi.encodeCall(IRewards.postRoot, (era, EraRewards.root(leaves), 40 * CREDITS, agents[index]));
            attempt(owners[index], wiring.rewards, data);
        } else if (action == 2) {
            attempt(client, wiring.rewards, abi.encodeCall(IRewards.settleEra, (era)));
        } else if (action == 3) {
            bytes32[] memory proof = EraRewards.proof(leaves, index);
            bytes memory data = abi.encodeCall(IRewards.claim, (era, index, agents[index], 10 * CREDITS, proof));
            attempt(client, wiring.rewards, data);
        } else if (action == 4) {
            attempt(client, wiring.rewards, abi.encodeCall(IRewards.release, (era, agents[index])));
        } else if (rewards.eraOf(era).status == 3 && dice(3) == 0) {
            skip(366 days);
            attempt(client, wiring.rewards, abi.encodeCall(IRewards.sweepEra, (era)));
        }
    }

    function stepDispute() internal {
        uint256 action = dice(6);
        uint256 era = rewards.eraAt(uint64(block.timestamp)) - 1 - dice(2);
        uint256 disputeId = court.disputeCount();
        if (action < 2) {
            bytes memory data = action == 0
                ? abi.encodeCall(IDisputes.open, (7, era, watcherId, CLAIM))
                : abi.encodeCall(IDisputes.open, (8, 1 + dice(bounties.claimCount() + 1), watcherId, CLAIM));
            attempt(watcher, wiring.disputes, data);
        } else if (disputeId == 0) {
            return;
        } else if (action == 2) {
            attempt(watcher, wiring.disputes, abi.encodeCall(IDisputes.withdraw, (disputeId)));
        } else if (action == 3) {
            address respondent = registry.ownerOf(court.disputeOf(disputeId).respondentId);
            attempt(respondent, wiring.disputes, abi.encodeCall(IDisputes.concede, (disputeId)));
        } else if (court.disputeOf(disputeId).phase == Phase.EVIDENCE) {
            uint64 evidenceEnd = court.disputeOf(disputeId).evidenceEnd;
            if (block.timestamp < evidenceEnd) skip(evidenceEnd - block.timestamp);
            judge(disputeId, uint8(1 + dice(3)));
        }
    }

    /// @dev One whole round, folded wherever time moves.
    function judge(uint256 disputeId, uint8 choice) internal {
        court.startRound(disputeId);
        drawNow(disputeId);
        uint8[] memory choices = unanimous(disputeId, choice);
        commitAll(disputeId, choices);
        told();
        revealAll(disputeId, choices);
        court.resolveRound(disputeId);
        told();
        settleNow(disputeId);
        ++reached[bytes4(bytes32(uint256(choice) << 224))];
    }

    function stepWorkflow() internal {
        uint256 action = dice(9);
        uint256 id = workflows.workflowCount();
        if (id > 1 && dice(5) == 0) --id;
        uint16 step = uint16(dice(3));
        uint32 version = workflows.workflowOf(id).version;
        if (action == 0) {
            uint64 deadline = uint64(block.timestamp + 1 hours + dice(9 days));
            bytes memory data =
                abi.encodeCall(IWorkflows.create, (dice(9_000 * CREDITS), "graph", uint16(dice(4)), deadline, "uri"));
            attempt(client, wiring.workflows, data);
        } else if (action < 3) {
            uint256 dependsOn = dice(3) == 0 ? dice(8) : 0;
            attempt(
                client, wiring.workflows, abi.encodeCall(IWorkflows.linkStep, (id, step, dependsOn, 0, taskTerms()))
            );
        } else if (action == 3) {
            uint32 base = dice(4) == 0 ? 0 : version;
            bytes memory data = abi.encodeCall(IWorkflows.patch, (id, base, "patch", dice(2) == 0 ? dice(8) : 0));
            attempt(client, wiring.workflows, data);
        } else if (action == 4) {
            bytes memory data = abi.encodeCall(IWorkflows.attest, (id, uint32(dice(version + 1)), agents[step]));
            attempt(owners[step], wiring.workflows, data);
        } else if (action == 5) {
            attempt(client, wiring.workflows, abi.encodeCall(IWorkflows.addBudget, (id, dice(1_000 * CREDITS))));
        } else if (action == 6 && dice(3) == 0) {
            attempt(dice(2) == 0 ? client : watcher, wiring.workflows, abi.encodeCall(IWorkflows.endWorkflow, (id)));
        } else {
            moveTask(workflows.stepOf(id, step).taskId);
        }
    }

    /// @dev Cancels a step's task, or brings it to its end.
    function moveTask(uint256 taskId) internal {
        if (taskId == 0 || market.stateOf(taskId) != TaskState.BIDDING) return;
        if (dice(2) == 0) {
            attempt(client, wiring.taskMarket, abi.encodeCall(market.cancel, (taskId)));
            return;
        }
        bytes memory data = abi.encodeCall(market.placeBid, (taskId, makerId, 1_000 * CREDITS, 1, "proposal"));
        if (!attempt(maker, wiring.taskMarket, data)) return;
        uint256 bidId = market.bidCount();
        vm.prank(client);
        market.pick(taskId, bidId);
        vm.startPrank(maker);
        works.start(taskId);
        market.submit(taskId, "result", "receipt", "uri");
        vm.stopPrank();
        skip(1 days);
        market.finalize(taskId);
    }

    /// @dev The life of a reward takes a year, which the walk seldom has: from the root to the sweep.
    function wholeEra() internal {
        skip(8 days);
        uint256 era = rewards.eraAt(uint64(block.timestamp)) - 1;
        bytes32 leaf = EraRewards.leaf(era, 0, agents[0], 10 * CREDITS);
        bytes32 root = EraRewards.root(_two(leaf));
        attempt(maker, wiring.rewards, abi.encodeCall(IRewards.postRoot, (era, root, 40 * CREDITS, makerId)));
        skip(2 days);
        attempt(client, wiring.rewards, abi.encodeCall(IRewards.settleEra, (era)));
        bytes32[] memory proof = EraRewards.proof(_two(leaf), 0);
        attempt(client, wiring.rewards, abi.encodeCall(IRewards.claim, (era, 0, agents[0], 10 * CREDITS, proof)));
        skip(10 days);
        attempt(client, wiring.rewards, abi.encodeCall(IRewards.release, (era, agents[0])));
        skip(366 days);
        attempt(client, wiring.rewards, abi.encodeCall(IRewards.sweepEra, (era)));
        told();
    }

    function _two(bytes32 leaf) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (leaf, keccak256("another"));
    }
}
