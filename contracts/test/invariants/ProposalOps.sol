// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { IParameters } from "../../src/interfaces/IParameters.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { vm } from "../Vm.sol";
import { GovernanceChecks } from "./GovernanceChecks.sol";

/// @title The operations of a proposal: what may be done to it now, and doing it.
abstract contract ProposalOps is GovernanceChecks {
    uint256 internal constant RECENT = 6;
    uint64 internal constant DELAY_RESTS = 30 days;
    uint64 internal constant SEATS_REST = 14 days;

    uint256 internal delayChangedAt;
    uint256 internal seatedAt;

    /// @dev The proposal among the last few that the operation fits, the first from `pick` on, counted from 1; 0 for none.
    function find(function(Proposal storage, IGovernor.ProposalState) internal view returns (bool) fits, uint256 pick)
        internal
        view
        returns (uint256)
    {
        uint256 last = proposals.length;
        uint256 count = last < RECENT ? last : RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 k = last - addmod(pick, i, count);
            if (fits(proposals[k - 1], governor.state(proposals[k - 1].id))) return k;
        }
        return 0;
    }

    function later(uint256 time) internal {
        if (block.timestamp < time) vm.warp(time);
    }

    function isPending(Proposal storage, IGovernor.ProposalState state) internal pure returns (bool) {
        return state == IGovernor.ProposalState.Pending;
    }

    function isActive(Proposal storage, IGovernor.ProposalState state) internal pure returns (bool) {
        return state == IGovernor.ProposalState.Active;
    }

    function isSucceeded(Proposal storage, IGovernor.ProposalState state) internal pure returns (bool) {
        return state == IGovernor.ProposalState.Succeeded;
    }

    function isQueued(Proposal storage, IGovernor.ProposalState state) internal pure returns (bool) {
        return state == IGovernor.ProposalState.Queued;
    }

    function hasNotSucceeded(Proposal storage, IGovernor.ProposalState state) internal pure returns (bool) {
        return state != IGovernor.ProposalState.Succeeded;
    }

    function isEarly(Proposal storage p, IGovernor.ProposalState state) internal view returns (bool) {
        return state == IGovernor.ProposalState.Queued && block.timestamp < governor.proposalEta(p.id);
    }

    function isRunning(Proposal storage, IGovernor.ProposalState state) internal pure returns (bool) {
        return state <= IGovernor.ProposalState.Active || state == IGovernor.ProposalState.Succeeded
            || state == IGovernor.ProposalState.Queued;
    }

    function isUnderVeto(Proposal storage p, IGovernor.ProposalState state) internal view returns (bool) {
        return isRunning(p, state) && p.kind != SEAT;
    }

    function isBeyondVeto(Proposal storage p, IGovernor.ProposalState state) internal view returns (bool) {
        return isRunning(p, state) && p.kind == SEAT;
    }

    function isScheduled(Proposal storage p, IGovernor.ProposalState state) internal view returns (bool) {
        return isQueued(p, state) && p.kind != SEAT;
    }

    function isScheduledSeat(Proposal storage p, IGovernor.ProposalState state) internal view returns (bool) {
        return isQueued(p, state) && p.kind == SEAT;
    }

    function isBonded(Proposal storage p, IGovernor.ProposalState state) internal view returns (bool) {
        return !isRunning(p, state) && governor.bondOf(p.id) != 0;
    }

    function operationOf(Proposal storage p) internal view returns (bytes32) {
        return timelock.hashOperationBatch(p.targets, p.values, p.calldatas, 0, saltOf(p));
    }

    function saltOf(Proposal storage p) internal view returns (bytes32) {
        return bytes20(wiring.governor) ^ p.hash;
    }

    /// @dev What the rules say to the decision when it is carried out now; 0: they carry it out.
    function refusalOf(Proposal storage p) internal view returns (bytes4) {
        if (p.kind == QUORUM) {
            (uint256 lowest, uint256 highest, uint64 from) = parameters.stepOf(Keys.QUORUM_VOTES);
            if (p.asked < lowest || p.asked > highest) return IParameters.OutOfBounds.selector;
            if (block.timestamp < from) return IParameters.ParameterRests.selector;
        } else if (p.kind == DELAY) {
            uint256 last = timelock.getMinDelay();
            if (p.asked > 2 * last || p.asked < last / 2) return ITimelock.DelayOutOfBounds.selector;
            bool rests = delayChangedAt != 0 && block.timestamp < delayChangedAt + DELAY_RESTS;
            if (rests) return ITimelock.DelayRests.selector;
        } else if (p.kind == SEAT) {
            if (seatedAt != 0 && block.timestamp < seatedAt + SEATS_REST) return ICouncil.SeatsRest.selector;
            if (councilSeats.isMember(address(uint160(p.asked)))) return ICouncil.AlreadySeated.selector;
        }
        return 0;
    }

    function proposalOps(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op < 4) return propose(op, pick, value);
        if (op < 7) return vote(op, pick, value);
        if (op < 9) return queue(op, pick, value);
        if (op < 13) return execute(op, pick, value);
        if (op < 18) return cancel(op, pick, value);
        return releaseBond(op, pick);
    }

    /// @dev Whoever proposes at every chance lets no proposal come to its end among the last few.
    function propose(uint256 kind, uint256 pick, uint256 value) private returns (bool) {
        if (find(isRunning, 0) != 0 && value % 6 != 0) return false;
        value >>= 8;
        Proposal storage p = proposals.push();
        p.kind = kind;
        p.values.push(0);
        if (kind == QUORUM) {
            p.asked = bound(value, 200, 1_100);
            p.targets.push(wiring.parameters);
            p.calldatas.push(abi.encodeCall(IParameters.setParam, (Keys.QUORUM_VOTES, p.asked)));
        } else if (kind == DELAY) {
            p.asked = bound(value, 1 days, 4 days);
            p.targets.push(wiring.timelock);
            p.calldatas.push(abi.encodeCall(TimelockController.updateDelay, (p.asked)));
        } else if (kind == SEAT) {
            p.asked = 0xD0 + value % 9;
            p.targets.push(wiring.council);
            p.calldatas.push(abi.encodeCall(ICouncil.setMember, (uint8((value >> 8) % 5), address(uint160(p.asked)))));
        } else {
            p.asked = bound(value, 1, 1_000 * CREDITS);
            p.targets.push(wiring.treasury);
            p.calldatas.push(abi.encodeCall(ITreasury.spend, (address(0x62A), p.asked, "why")));
        }
        address proposer = voters[pick % 3];
        if (creditOf(proposer) < governor.bondFor(p.targets, p.calldatas)) {
            proposals.pop();
            return false;
        }
        string memory description = vm.toString(proposals.length);
        p.hash = keccak256(bytes(description));
        vm.prank(proposer);
        p.id = governor.propose(p.targets, p.values, p.calldatas, description);
        return true;
    }

    /// @dev The first voter from `pick` on who has, or has not, voted.
    function voter(uint256 id, uint256 pick, bool voted) private view returns (address) {
        for (uint256 i; i < 3; ++i) {
            address who = voters[addmod(pick, i, 3)];
            if (governor.hasVoted(id, who) == voted) return who;
        }
        return address(0);
    }

    function vote(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 k = find(op == 6 ? isPending : isActive, pick);
        if (k == 0 && op == 4) {
            k = find(isPending, pick);
            if (k != 0) later(governor.proposalSnapshot(proposals[k - 1].id) + 1);
        }
        if (k == 0) return false;
        uint256 id = proposals[k - 1].id;
        address who = op == 6 ? voters[value % 3] : voter(id, value, op == 5);
        if (who == address(0)) return false;
        // Most votes are in favour.
        uint8 support = uint8((value >> 8) % 8 < 6 ? 1 : (value >> 16) % 3);
        vm.prank(who);
        if (op == 5) vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, who));
        if (op == 6) vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        governor.castVote(id, support);
        return true;
    }

    function queue(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 k = find(op == 7 ? isSucceeded : hasNotSucceeded, pick);
        if (k == 0 && op == 7) {
            // Not every vote is over as soon as somebody would like it.
            k = find(isActive, pick);
            if (k == 0 || value % 2 == 0) return false;
            later(governor.proposalDeadline(proposals[k - 1].id) + 1);
            if (governor.state(proposals[k - 1].id) != IGovernor.ProposalState.Succeeded) return false;
        }
        if (k == 0) return false;
        Proposal storage p = proposals[k - 1];
        if (op == 8) vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        governor.queue(p.targets, p.values, p.calldatas, p.hash);
        return true;
    }

    /// @dev By the governor, by the timelock, before its time, and against the rules.
    function execute(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 k = find(op == 11 ? isEarly : isQueued, pick);
        if (k == 0) return false;
        Proposal storage p = proposals[k - 1];
        if (op == 11) {
            vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
            governor.execute(p.targets, p.values, p.calldatas, p.hash);
            return true;
        }
        if (block.timestamp < governor.proposalEta(p.id) && value % 2 == 0) return false;
        later(governor.proposalEta(p.id));
        bytes4 refusal = refusalOf(p);
        if ((refusal != 0) != (op == 12)) return false;
        bytes32 salt = saltOf(p);
        if (op == 12) vm.expectPartialRevert(refusal);
        if (op == 10) timelock.executeBatch(p.targets, p.values, p.calldatas, 0, salt);
        else governor.execute(p.targets, p.values, p.calldatas, p.hash);
        if (op == 12) return true;
        if (p.kind == DELAY) delayChangedAt = block.timestamp;
        if (p.kind == SEAT) seatedAt = block.timestamp;
        return true;
    }

    function cancel(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        // Who cancels at every chance lets no decision live.
        bool refused = op == 15 || op == 17;
        if (!refused && value % (op == 16 ? 2 : 4) != 0) return false;
        uint256 k = op == 13
            ? find(isPending, pick)
            : op == 14
                ? find(isUnderVeto, pick)
                : op == 15 ? find(isBeyondVeto, pick) : find(op == 16 ? isScheduled : isScheduledSeat, pick);
        if (k == 0) return false;
        Proposal storage p = proposals[k - 1];
        if (op < 16) {
            address who = op == 13 ? governor.proposalProposer(p.id) : wiring.council;
            vm.prank(who);
            if (refused) vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.BeyondVeto.selector, p.id));
            governor.cancel(p.targets, p.values, p.calldatas, p.hash);
            return true;
        }
        bytes32 operation = operationOf(p);
        vm.prank(wiring.council);
        if (refused) vm.expectRevert(abi.encodeWithSelector(ITimelock.OperationBeyondVeto.selector, operation));
        timelock.cancel(operation);
        return true;
    }

    function releaseBond(uint256 op, uint256 pick) private returns (bool) {
        uint256 k = find(op == 18 ? isBonded : isRunning, pick);
        if (k == 0) return false;
        if (op == 19) vm.expectPartialRevert(IAgentGovernor.NotEnded.selector);
        governor.releaseBond(proposals[k - 1].id);
        return true;
    }
}
