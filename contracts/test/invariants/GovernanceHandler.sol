// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { IParameters } from "../../src/interfaces/IParameters.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Module } from "../../src/Module.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";
import { Ops } from "./Ops.sol";

/// @title Three stakers, what they propose, and what must hold between any two calls.
abstract contract GovernanceChecks is Commons, Ops {
    /// What a proposal asks for, so that the handler knows whether the rules will carry it out.
    uint256 internal constant QUORUM = 0;
    uint256 internal constant DELAY = 1;
    uint256 internal constant SEAT = 2;
    uint256 internal constant SPEND = 3;

    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        bytes32 hash;
        uint256 id;
        uint256 kind;
        uint256 asked;
    }

    address[3] internal voters = [address(0xA1), address(0xA2), address(0xA3)];
    Proposal[] internal proposals;

    function setUp() public virtual override(Commons, Economy) {
        Commons.setUp();
        for (uint256 i; i < 3; ++i) {
            newAgent(voters[i], 600_000 * (1 + i) * CREDITS);
            fund(voters[i], 2_000_000 * CREDITS);
        }
        skip(1);
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.governor);
        assertDebits(wiring.treasury);
        assertDebits(wiring.stake);
    }

    /// @notice Votes are the free stake; a proposal holds its bond until its end and nothing after its release.
    function assertVotes() external view {
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(stake.getVotes(voters[i]), stakeBalance(i + 1), "votes and stake");
            sum += stakeBalance(i + 1);
        }
        if (block.timestamp != GENESIS_TIME) {
            vm.assertLe(stake.getPastTotalSupply(block.timestamp - 1), sum + 3_000_000 * CREDITS, "the past's votes");
        }
        for (uint256 i; i < proposals.length; ++i) {
            Proposal storage p = proposals[i];
            uint256 bond = governor.bondFor(p.targets, p.calldatas);
            uint256 held = balance(Accounts.proposal(p.id));
            vm.assertTrue(held == 0 || held == bond, "bond of a proposal");
            bool running = uint256(governor.state(p.id)) <= uint256(IGovernor.ProposalState.Active);
            if (running) vm.assertEq(held, bond, "bond of a proposal that runs");
            vm.assertGe(governor.expiryOf(p.id), governor.proposalDeadline(p.id), "a decision's life");
        }
        uint256 quorum = parameters.get(Keys.QUORUM_VOTES);
        vm.assertTrue(quorum >= 200 && quorum <= 2_000, "bounds hold whatever is voted");
        vm.assertTrue(timelock.getMinDelay() >= 1 days && timelock.getMinDelay() <= 30 days, "delay");
    }
}

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

/// @title The operations of the stakers and of the guardians, and the states that a good walk sees.
contract GovernanceHandler is ProposalOps {
    bytes32 internal constant STAKE_SCOPE = "stake";

    /// The breaker's own memory of what a trip owes: it tells nobody.
    mapping(bytes32 scope => uint256) internal owed;
    uint256 internal scopesRestUntil;

    constructor() {
        vm.recordLogs();
        setUp();
        install();
        watch();
        string[31] memory all = [
            "propose a quorum",
            "propose a delay",
            "propose a seat",
            "propose a spend",
            "castVote",
            "castVote again is refused",
            "castVote before its time is refused",
            "queue",
            "queue what has not succeeded is refused",
            "execute",
            "executeBatch",
            "execute too early is refused",
            "execute against the rules is refused",
            "cancel by the proposer",
            "cancel by the council",
            "cancel a seat is refused",
            "cancel at the timelock",
            "cancel a seat at the timelock is refused",
            "releaseBond",
            "releaseBond before the end is refused",
            "bond",
            "bond while tripped is refused",
            "unbond",
            "release",
            "release too early is refused",
            "trip",
            "trip without a rest is refused",
            "reset",
            "reset what is not tripped is refused",
            "withdraw while tripped",
            "wait"
        ];
        for (uint256 i; i < all.length; ++i) {
            name(all[i]);
        }
        string[14] memory states = [
            "pending",
            "active",
            "canceled",
            "defeated",
            "succeeded",
            "queued",
            "expired",
            "executed",
            "rejected",
            "a bond that is gone",
            "everything tripped",
            "a scope tripped",
            "another council",
            "another delay"
        ];
        for (uint256 i; i < states.length; ++i) {
            expectState(states[i]);
        }
    }

    function look() internal override {
        uint256 last = proposals.length;
        for (uint256 k = last; k != 0 && last - k < RECENT; --k) {
            uint256 id = proposals[k - 1].id;
            IGovernor.ProposalState state = governor.state(id);
            ++seen[uint256(state)];
            if (state == IGovernor.ProposalState.Defeated && governor.isRejected(id)) ++seen[8];
            if (governor.bondOf(id) == 0) ++seen[9];
        }
        if (isTripped(0)) ++seen[10];
        if (isTripped(STAKE_SCOPE)) ++seen[11];
        if (seatedAt != 0) ++seen[12];
        if (delayChangedAt != 0) ++seen[13];
    }

    function perform(uint256 op, uint256 pick, uint256 value) internal override returns (bool did) {
        did = choose(op, pick, value);
        // What a refused call has moved before its end is recorded, too.
        bool refused = op == 5 || op == 6 || op == 8 || op == 11 || op == 12 || op == 15 || op == 17 || op == 19
            || op == 21 || op == 24 || op == 26 || op == 28;
        if (refused) overlook();
    }

    function choose(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        if (op < 20) return proposalOps(op, pick, value);
        if (op < 22) return bondSome(op, pick, value);
        if (op == 22) return unbondSome(pick, value);
        if (op < 25) return release(op, pick, value);
        if (op < 27) return tripOne(op, pick, value);
        if (op < 29) return resetOne(op, pick);
        if (op == 29) return withdraw(pick, value);
        // Now and then long enough for a decision to expire.
        skip(value % 16 == 0 ? 32 days : (value >> 8) % 2 days);
        return true;
    }

    function bondSome(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 i = pick % 3;
        (uint8 level,) = breaker.levelOf(STAKE_SCOPE);
        if ((level != 0) != (op == 21)) return false;
        uint256 amount = bound(value, 1, 100_000 * CREDITS);
        if (creditOf(voters[i]) < amount) return false;
        vm.prank(voters[i]);
        if (op == 21) vm.expectPartialRevert(IBreaker.Tripped.selector);
        stake.bond(i + 1, amount);
        return true;
    }

    /// @dev Whatever is tripped. Enough is left to decide about something.
    function unbondSome(uint256 pick, uint256 value) private returns (bool) {
        uint256 i = pick % 3;
        if (stake.unbondingsOf(i + 1).length == 8 || stakeBalance(i + 1) < 500_000 * CREDITS) return false;
        vm.prank(voters[i]);
        stake.unbond(i + 1, bound(value, 1, 20_000 * CREDITS));
        return true;
    }

    function release(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256[] memory ids = stake.unbondingsOf(1 + pick % 3);
        for (uint256 i; i < ids.length; ++i) {
            uint64 releaseAt = stake.unbondingOf(ids[i]).releaseAt;
            if (op == 24) {
                if (block.timestamp >= releaseAt) continue;
                vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, releaseAt, block.timestamp));
            } else {
                if (block.timestamp < releaseAt && value % 8 != 0) continue;
                later(releaseAt);
            }
            stake.release(ids[i]);
            return true;
        }
        return false;
    }

    function isTripped(bytes32 scope) internal view returns (bool) {
        (,, uint64 until,) = breaker.tripOf(scope);
        return block.timestamp < until;
    }

    function endOfRest(bytes32 scope) internal view returns (uint256) {
        (, uint64 from, uint64 until, uint64 graceEnd) = breaker.tripOf(scope);
        return graceEnd + (until - from) + owed[scope];
    }

    function restedFrom(bytes32 scope) internal view returns (uint256 rested) {
        rested = endOfRest(scope);
        if (scope == 0) return rested;
        (uint8 level, uint64 from,,) = breaker.tripOf(0);
        uint256 all = endOfRest(0);
        if (all > rested && (level == 2 || from < rested)) rested = all;
    }

    /// @notice Whatever is tripped, no time is taken back, and nobody's for long.
    function tripOne(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        bytes32 scope = pick % 2 == 0 ? bytes32(0) : STAKE_SCOPE;
        uint256 rested = restedFrom(scope);
        if ((block.timestamp < rested) != (op == 26)) return false;
        uint8 level = uint8(1 + value % 2);
        uint64 duration = uint64(bound(value >> 8, 1, 72 hours));
        uint64 asked = uint64(block.timestamp - (value >> 64) % 9 days);
        uint64 before = breaker.shifted(scope, asked);
        vm.prank(guardian);
        if (op == 26) vm.expectRevert(abi.encodeWithSelector(IBreaker.StillTripped.selector, scope, rested));
        breaker.trip(scope, level, duration, "why");
        uint64 moved = breaker.shifted(scope, asked);
        vm.assertGe(moved, before, "a trip never takes a shift back");
        if (before < block.timestamp) vm.assertEq(moved, before, "what has passed stays passed");
        vm.assertLe(moved, asked + 2 * 78 hours, "nobody's time is taken for long");
        if (op == 26) return true;
        uint256 other = scope == 0 ? scopesRestUntil : endOfRest(0);
        owed[scope] = other > block.timestamp ? other - block.timestamp : 0;
        if (scope != 0 && endOfRest(scope) > scopesRestUntil) scopesRestUntil = endOfRest(scope);
        return true;
    }

    function resetOne(uint256 op, uint256 pick) private returns (bool) {
        bytes32 scope = pick % 2 == 0 ? bytes32(0) : STAKE_SCOPE;
        if (isTripped(scope) != (op == 27)) scope = scope == 0 ? STAKE_SCOPE : bytes32(0);
        if (isTripped(scope) != (op == 27)) return false;
        vm.prank(wiring.council);
        if (op == 28) vm.expectRevert(abi.encodeWithSelector(IBreaker.NotTripped.selector, scope));
        breaker.reset(scope);
        return true;
    }

    /// @notice Whatever is tripped, a holder takes its money out.
    function withdraw(uint256 pick, uint256 value) private returns (bool) {
        if (!isTripped(0) && !isTripped(STAKE_SCOPE)) return false;
        address who = voters[pick % 3];
        if (creditOf(who) < CREDITS) return false;
        vm.prank(who);
        vault.withdraw(bound(value, 1, CREDITS), who);
        return true;
    }
}
