// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CandidateState } from "../../src/interfaces/ICheckpoints.sol";
import { Contribution, Court, Dispute, IDisputes, Phase, Round, Seat } from "../../src/interfaces/IDisputes.sol";
import { Task, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { SeedWindows } from "../../src/libraries/SeedWindows.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";
import { CourtChecks } from "./CourtChecks.sol";
import { Ops } from "./Ops.sol";

interface IRegisters {
    function registers(uint256 pick, uint256 value) external;
}

/// @title The operations of a court and of the pool that it draws from: what may be done now, and doing it.
/// @notice Leases and candidates are here so that they are disputed too: what the rules refuse them is idle, in one
///         operation. All others must succeed.
contract CourtHandler is CourtChecks, Ops {
    uint256 internal constant RECENT = 6;
    uint256 internal constant ENOUGH = 12;

    constructor() {
        vm.recordLogs();
        setUp();
        install();
        watch();
        string[26] memory all = [
            "open for a task",
            "open for a candidate",
            "startRound",
            "commitSeed",
            "revealSeed",
            "draw",
            "draw again",
            "reseed",
            "shrink",
            "commitVote",
            "revealVote",
            "resolveRound",
            "appeal",
            "settle",
            "withdraw",
            "concede",
            "withdraw once the seed is known is refused",
            "join",
            "leave",
            "evict",
            "attest",
            "refreshWeight",
            "stake",
            "finalize",
            "leases and candidates",
            "wait"
        ];
        for (uint256 i; i < all.length; ++i) {
            name(all[i]);
        }
        string[14] memory states = [
            "evidence",
            "draw",
            "voting",
            "appeal",
            "settled",
            "ruling 1",
            "ruling 2",
            "ruling 3",
            "no panel",
            "no quorum",
            "a side withheld its secret",
            "a later seed",
            "an appeal",
            "three rounds"
        ];
        for (uint256 i; i < states.length; ++i) {
            expectState(states[i]);
        }
    }

    function setUp() public override(CourtChecks, Economy) {
        CourtChecks.setUp();
    }

    function look() internal override {
        uint256 last = court.disputeCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            Dispute memory d = court.disputeOf(id);
            ++seen[uint256(d.phase) - 1];
            if (d.phase == Phase.SETTLED) ++seen[4 + d.ruling];
            if (d.attempt > 1) {
                uint8 before = court.roundOf(id, d.round, d.attempt - 1).outcome;
                if (before == Court.NO_PANEL) ++seen[8];
                if (before == Court.NO_QUORUM) ++seen[9];
            }
            if (d.cause == Court.FORFEITED) ++seen[10];
            if (d.round != 0 && current(id).reseeded) ++seen[11];
            if (d.round > 1) ++seen[12];
            if (d.round == 3) ++seen[13];
        }
    }

    function perform(uint256 op, uint256 pick, uint256 value) internal override returns (bool) {
        if (op == 0) return openForATask(pick, value);
        if (op == 1) return openForACandidate(pick);
        if (op < 9) return towardAPanel(op, pick, value);
        if (op < 14) return towardARuling(op, pick, value);
        if (op < 17) return leaveTheCase(op, pick, value);
        if (op < 22) return atThePool(op, pick, value);
        if (op == 22) return touchStake(pick, value);
        if (op == 23) return finalizeOne(pick);
        if (op == 24) return leasesAndCandidates(pick, value);
        skip(value % 30 minutes);
        vm.roll(block.number + (value >> 32) % 20);
        return true;
    }

    /// @dev The dispute in the phase, among the last few, the first from `pick` on; 0 when there is none.
    function find(Phase phase, uint256 pick) private view returns (uint256) {
        uint256 last = court.disputeCount();
        uint256 count = last < RECENT ? last : RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 id = last - addmod(pick, i, count);
            if (court.disputeOf(id).phase == phase) return id;
        }
        return 0;
    }

    /// @dev A court that has enough to do gets a new case seldom: otherwise none lives long.
    function isBusy() private view returns (bool) {
        uint256 live;
        uint256 last = court.disputeCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            if (court.disputeOf(id).phase != Phase.SETTLED) ++live;
        }
        return live > RECENT / 3;
    }

    function openForATask(uint256 pick, uint256 value) private returns (bool) {
        if (isBusy() && value % 8 != 0) return false;
        if (reputation.scoreOf(makerId, DOMAIN) < -900e6) return false;
        uint256 taskId = tasks.length == 0 ? 0 : tasks[tasks.length - 1 - pick % (tasks.length < 3 ? tasks.length : 3)];
        Task memory task = market.taskOf(taskId);
        if (task.state != TaskState.VERIFYING || block.timestamp >= task.reviewEnd || task.ruledKinds == 26) {
            taskId = anotherTask();
            tasks.push(taskId);
            task = market.taskOf(taskId);
        }
        // 1 and 4 by the watcher, 3 by the client.
        uint8 kind = uint8([1, 3, 4][value % 3]);
        while (task.ruledKinds & (1 << kind) != 0) kind = kind == 1 ? 3 : kind == 3 ? 4 : 1;
        if (kind == 3) openByClient(3, taskId);
        else openByWatcher(kind, taskId);
        return true;
    }

    function openForACandidate(uint256 pick) private returns (bool) {
        uint256 last = checkpoints.candidateCount();
        for (uint256 i; i < 3 && i < last; ++i) {
            uint256 id = last - addmod(pick, i, last < 3 ? last : 3);
            bool open = checkpoints.candidateOf(id).state == CandidateState.POSTED && !checkpoints.candidateOf(id).ruled;
            if (!open || block.timestamp >= checkpoints.candidateOf(id).finalAt) continue;
            openByWatcher(6, id);
            return true;
        }
        return false;
    }

    function towardAPanel(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 2 ? Phase.EVIDENCE : Phase.DRAW, pick);
        if (id == 0) return false;
        if (op == 2) {
            later(court.disputeOf(id).evidenceEnd);
            court.startRound(id);
            return true;
        }
        if (op < 5) return touchSeed(op, id, uint8(1 + value % 2));
        Round memory r = current(id);
        bool withheld = withholds(id, 1) || withholds(id, 2);
        // Most seeds are drawn.
        if (op < 7 || (value % 4 != 0 && block.number < SeedWindows.end(r.seedBlock))) {
            if (block.number >= SeedWindows.end(r.seedBlock)) return false;
            further(r.seedBlock + 1 + (withheld ? SeedWindows.REVEAL : 0));
            court.draw(id);
            return true;
        }
        further(SeedWindows.end(r.seedBlock));
        if (op == 7 && (r.panelSize == 3 || block.timestamp < r.drawBy)) {
            court.reseed(id);
        } else {
            if (r.panelSize == 3) return false;
            later(r.drawBy);
            court.resolveRound(id);
        }
        return true;
    }

    function contribution(uint256 id, uint8 side) private view returns (Contribution memory) {
        Dispute memory d = court.disputeOf(id);
        return court.contributionOf(id, d.round, d.attempt, current(id).seedBlock, side);
    }

    function withholds(uint256 id, uint8 side) private view returns (bool) {
        Contribution memory given = contribution(id, side);
        return given.commitment != 0 && !given.revealed;
    }

    function touchSeed(uint256 op, uint256 id, uint8 side) private returns (bool) {
        uint64 seedBlock = current(id).seedBlock;
        bytes32 secret = keccak256(abi.encode(id, side));
        if (op == 3) {
            if (block.number >= seedBlock || contribution(id, side).commitment != 0) return false;
            vm.prank(partyOf(id, side));
            court.commitSeed(id, side, keccak256(abi.encode(secret)));
            return true;
        }
        if (!withholds(id, side)) side = 3 - side;
        if (!withholds(id, side) || block.number > seedBlock + SeedWindows.REVEAL) return false;
        further(seedBlock + 1);
        court.revealSeed(id, side, keccak256(abi.encode(id, side)));
        return true;
    }

    function towardARuling(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op < 12 ? Phase.VOTING : Phase.APPEAL, pick);
        if (id == 0) return false;
        if (op == 12) return appealSome(id, value);
        if (op == 13) {
            // Most rulings are appealed as far as that goes.
            bool open = court.disputeOf(id).round < 3 && block.timestamp < court.disputeOf(id).appealEnd;
            if (open && value % 4 != 0) return false;
            later(court.disputeOf(id).appealEnd);
            court.settle(id);
            return true;
        }
        Round memory r = current(id);
        bool committed = hasCommitted(id);
        if (op == 9) {
            if (committed || block.timestamp >= r.commitEnd) return false;
            commitMost(id, value);
            return true;
        }
        if (op == 10) {
            if (!committed || r.reveals != 0 || block.timestamp >= r.revealEnd) return false;
            later(r.commitEnd);
            Seat[] memory seats = seatsNow(id);
            for (uint256 i; i < seats.length; ++i) {
                revealWhatWasCommitted(id, seats[i]);
            }
            return true;
        }
        // Most panels vote before their time is over.
        if (r.reveals == 0 && block.timestamp < r.revealEnd && value % 4 != 0) return false;
        later(r.revealEnd);
        court.resolveRound(id);
        return true;
    }

    function hasCommitted(uint256 id) private view returns (bool) {
        Seat[] memory seats = seatsNow(id);
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].commitment != 0) return true;
        }
        return false;
    }

    function commitMost(uint256 id, uint256 value) private {
        Seat[] memory seats = seatsNow(id);
        for (uint256 i; i < seats.length; ++i) {
            value = uint256(keccak256(abi.encode(value)));
            // One must come, or nothing was done.
            if (i != 0 && value % 5 == 0) continue;
            commitSeat(id, i, choiceOf(id, seats[i].verifierId, uint8(1 + (value >> 8) % 3)));
        }
    }

    function appealSome(uint256 id, uint256 value) private returns (bool) {
        Dispute memory d = court.disputeOf(id);
        if (d.round == 3 || block.timestamp >= d.appealEnd) return false;
        uint8 side = d.ruling == Court.SPLIT ? uint8(1 + value % 2) : d.ruling;
        address party = partyOf(id, side);
        if (creditOf(party) < uint256(d.bond) << d.round) return false;
        vm.prank(party);
        court.appeal(id, side);
        return true;
    }

    function leaveTheCase(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 16 || value % 2 == 0 ? Phase.DRAW : Phase.EVIDENCE, pick);
        if (id == 0) return false;
        Dispute memory d = court.disputeOf(id);
        if (d.phase == Phase.DRAW) {
            Round memory r = current(id);
            bool first = d.round == 1 && d.attempt == 1 && !r.reseeded;
            if (op == 16) {
                if (first && block.number < r.seedBlock) return false;
                address challenger = partyOf(id, 1);
                vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, id, r.seedBlock));
                vm.prank(challenger);
                court.withdraw(id);
                return true;
            }
            if (!first || block.number >= r.seedBlock) return false;
        }
        // Whoever gives in at every chance lets no dispute live.
        if (value % 16 > 3) return false;
        vm.prank(partyOf(id, op == 14 ? 1 : 2));
        if (op == 14) court.withdraw(id);
        else court.concede(id);
        return true;
    }

    function isAnybody(uint256 op, uint256 verifierId) private view returns (bool) {
        if (op == 20) return true;
        if (op == 17) return !pool.isMember(verifierId);
        if (!pool.isMember(verifierId)) return false;
        if (op == 21) return true;
        if (pool.memberCount() <= ENOUGH || court.openSeatsOf(verifierId) != 0) return false;
        return op == 18 || (pool.memberOf(verifierId).lastActive == 0 && checkpoints.openSignaturesOf(verifierId) == 0);
    }

    /// @dev Nothing at the pool is done in a freeze, and whoever always waited for its end would let no seed be drawn.
    function thaws(uint256 value) private returns (bool) {
        if (pool.frozenUntil() != 0 && (value >> 128) % 16 != 0) return false;
        further(pool.frozenUntil());
        return true;
    }

    function atThePool(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 i;
        while (i < verifiers.length && !isAnybody(op, verifiers[addmod(pick, i, verifiers.length)])) ++i;
        if (i == verifiers.length) return false;
        uint256 verifierId = verifiers[addmod(pick, i, verifiers.length)];
        address owner = registry.ownerOf(verifierId);
        if (!thaws(value)) return false;
        if (op == 17) {
            if (stakeAt(verifierId) < 100 * CREDITS) bondAgent(verifierId, STAKED);
            vm.prank(owner);
            pool.join(verifierId);
        } else if (op == 18) {
            if (value % 4 != 0) return false;
            vm.prank(owner);
            pool.leave(verifierId);
        } else if (op == 19) {
            pool.evict(verifierId);
        } else if (op == 20) {
            attest(verifierId, 1 + value % 24);
        } else {
            pool.refreshWeight(verifierId);
        }
        return true;
    }

    function touchStake(uint256 pick, uint256 value) private returns (bool) {
        uint256 verifierId = verifiers[pick % verifiers.length];
        uint256 free = stakeAt(verifierId);
        if (!thaws(value)) return false;
        if (value % 3 == 0 && free != 0 && stake.unbondingsOf(verifierId).length < 8) {
            vm.prank(registry.ownerOf(verifierId));
            stake.unbond(verifierId, bound(value >> 8, 1, free / 4 + 1));
        } else {
            bondAgent(verifierId, bound(value >> 8, 1, STAKED));
        }
        return true;
    }

    function finalizeOne(uint256 pick) private returns (bool) {
        for (uint256 i; i < tasks.length && i < RECENT; ++i) {
            uint256 taskId = tasks[tasks.length - 1 - addmod(pick, i, tasks.length < RECENT ? tasks.length : RECENT)];
            Task memory task = market.taskOf(taskId);
            if (task.state != TaskState.VERIFYING || block.timestamp < task.reviewEnd) continue;
            market.finalize(taskId);
            return true;
        }
        return false;
    }

    function leasesAndCandidates(uint256 pick, uint256 value) private returns (bool) {
        try IRegisters(address(this)).registers(pick, value) {
            return true;
        } catch {
            overlook();
            return false;
        }
    }

    function registers(uint256 pick, uint256 value) external {
        require(msg.sender == address(this), "the handler alone");
        if (pick % 4 == 0 && data.leaseCount() != 0) openBreach(1 + value % data.leaseCount());
        else if (pick % 4 == 1) dataStep(value);
        else checkpointStep(value);
    }
}
