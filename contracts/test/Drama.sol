// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EpochCheckpoints } from "../src/court/EpochCheckpoints.sol";
import { Candidate, CandidateState, Roots } from "../src/interfaces/ICheckpoints.sol";
import { Court, Dispute, Phase, Round, Seat } from "../src/interfaces/IDisputes.sol";
import { LeaseState } from "../src/interfaces/IDataLeases.sol";
import { TaskState, Terms } from "../src/interfaces/ITaskMarket.sol";
import { DataRoom } from "./DataRoom.sol";
import { vm } from "./Vm.sol";

/// @title Everything that can happen at court, chosen by a seed: tasks, leases, checkpoints, disputes and the pool.
/// @notice A step moves time first and acts then, so that all its events have one timestamp. Steps that the rules refuse
///         revert; `dare` swallows that. `reached` counts what came about.
abstract contract Drama is DataRoom {
    uint256 internal constant MOST_TASKS = 60;
    uint256 internal constant MOST_LEASES = 40;

    EpochCheckpoints internal checkpoints;
    uint256[] internal tasks;
    mapping(string what => uint256) internal reached;

    function setUp() public virtual override {
        super.setUp();
        checkpoints = EpochCheckpoints(wiring.checkpoints);
        bondAgent(makerId, RICH);
        vm.roll(2_000);
    }

    /// @dev With the bond that a maker with strikes needs.
    function anotherTask() internal returns (uint256) {
        Terms memory t = taskTerms();
        t.agentBond = 4 * BOND;
        return submitted(t, keccak256("result"), keccak256("receipt"));
    }

    /// @notice One step; answers whether the rules allowed it.
    function dare(uint256 seed) public virtual returns (bool) {
        try this.step(seed) {
            return true;
        } catch {
            return false;
        }
    }

    function step(uint256 seed) external {
        uint256 choice = seed % 16;
        seed = uint256(keccak256(abi.encode(seed)));
        uint256 disputes = court.disputeCount();
        if (choice == 0 && tasks.length < MOST_TASKS) tasks.push(anotherTask());
        else if (choice == 1) openSomething(seed);
        else if (choice == 2) poolStep(seed);
        else if (choice == 3) dataStep(seed);
        else if (choice == 4) checkpointStep(seed);
        else if (choice == 5) pass(seed);
        else if (choice == 6 && disputes != 0) aside(disputes - (seed % (disputes < 3 ? disputes : 3)), seed >> 16);
        else if (disputes != 0) progress(unsettled(disputes - seed % (disputes < 4 ? disputes : 4)), seed >> 16);
        else openSomething(seed);
    }

    /// @dev The given dispute, or the nearest older one that is not settled.
    function unsettled(uint256 disputeId) internal view returns (uint256) {
        while (disputeId > 1 && court.disputeOf(disputeId).phase == Phase.SETTLED) --disputeId;
        return disputeId;
    }

    function pass(uint256 seed) internal {
        skip(seed % 6 hours);
        vm.roll(block.number + (seed >> 32) % 90);
        if (seed % 32 == 0) skip(91 days);
        if (tasks.length != 0) market.finalize(tasks[(seed >> 64) % tasks.length]);
    }

    function openSomething(uint256 seed) internal {
        uint256 kind = seed % 5;
        seed >>= 8;
        if (kind < 3) {
            uint256 taskId = disputableTask();
            if (kind == 1) openByClient(3, taskId);
            else openByWatcher(kind == 0 ? 1 : 4, taskId);
        } else if (kind == 3) {
            openBreach(1 + seed % data.leaseCount());
        } else {
            openByWatcher(6, checkpoints.candidateCount() - seed % 3);
        }
        ++reached["opened"];
    }

    /// @dev The latest task, or a new one when its review is over or disputed.
    function disputableTask() internal returns (uint256 taskId) {
        if (tasks.length != 0) {
            taskId = tasks[tasks.length - 1];
            bool open = market.stateOf(taskId) == TaskState.VERIFYING;
            if (open && block.timestamp < market.taskOf(taskId).reviewEnd) return taskId;
        }
        taskId = anotherTask();
        tasks.push(taskId);
    }

    /// @notice The next natural step of a dispute's life.
    function progress(uint256 disputeId, uint256 seed) internal {
        Dispute memory d = court.disputeOf(disputeId);
        if (d.phase == Phase.EVIDENCE) {
            later(d.evidenceEnd);
            court.startRound(disputeId);
            ++reached["started"];
        } else if (d.phase == Phase.DRAW) {
            drawOrFail(disputeId, seed);
        } else if (d.phase == Phase.VOTING) {
            voteOrResolve(disputeId, seed);
        } else if (d.phase == Phase.APPEAL) {
            if (seed % 2 == 0 && d.round < 3) {
                appealBy(disputeId, d.ruling == 3 ? uint8(1 + (seed >> 8) % 2) : d.ruling);
                ++reached["appealed"];
            } else {
                later(d.appealEnd);
                court.settle(disputeId);
                ++reached["judged"];
                ++reached[string.concat("ruling ", vm.toString(uint256(d.ruling)))];
                if (d.round == 3) ++reached["three rounds"];
                if (d.kind == 6) ++reached["checkpoint judged"];
                if (d.kind == 5) ++reached["breach judged"];
            }
        }
    }

    function drawOrFail(uint256 disputeId, uint256 seed) internal {
        Round memory r = current(disputeId);
        if (seed % 8 == 0 && r.panelSize > 3) {
            later(r.drawBy);
            further(r.seedBlock + 64);
            court.resolveRound(disputeId);
            ++reached[court.disputeOf(disputeId).phase == Phase.SETTLED ? "forfeited" : "no panel"];
        } else if (seed % 8 < 2) {
            further(r.seedBlock + 64);
            court.reseed(disputeId);
            ++reached[court.disputeOf(disputeId).phase == Phase.SETTLED ? "forfeited" : "reseeded"];
        } else if (seed % 8 < 5 && court.contributionOf(disputeId, 1, 1, r.seedBlock, 2).commitment == 0) {
            aside(disputeId, 1);
        } else if (seed % 8 < 5) {
            aside(disputeId, 1 | (2 << 8));
        } else {
            further(r.seedBlock + 17);
            court.draw(disputeId);
            Phase phase = court.disputeOf(disputeId).phase;
            ++reached[phase == Phase.VOTING ? "drawn" : phase == Phase.DRAW ? "short" : "forfeited"];
        }
    }

    function voteOrResolve(uint256 disputeId, uint256 seed) internal {
        Round memory r = current(disputeId);
        Seat[] memory seats = seatsNow(disputeId);
        bool committed;
        for (uint256 i; i < seats.length; ++i) {
            committed = committed || seats[i].commitment != 0;
        }
        if (!committed && block.timestamp < r.commitEnd) {
            uint8 leaning = uint8(1 + (seed >> 8) % 3);
            for (uint256 i; i < seats.length; ++i) {
                seed = uint256(keccak256(abi.encode(seed)));
                if (seed % 7 == 0) continue;
                commitSeat(disputeId, i, choiceOf(disputeId, seats[i].verifierId, leaning));
            }
        } else if (r.reveals == 0 && block.timestamp < r.revealEnd && seed % 6 != 0) {
            later(r.commitEnd);
            for (uint256 i; i < seats.length; ++i) {
                revealWhatWasCommitted(disputeId, seats[i]);
            }
            ++reached["revealed"];
        } else {
            later(r.revealEnd);
            court.resolveRound(disputeId);
            ++reached[court.disputeOf(disputeId).phase == Phase.DRAW ? "no quorum" : "resolved"];
        }
    }

    /// @dev Most follow the leaning; a few do not.
    function choiceOf(uint256 disputeId, uint256 verifierId, uint8 leaning) internal pure returns (uint8) {
        uint256 mood = uint256(keccak256(abi.encode(disputeId, verifierId, leaning)));
        return mood % 4 == 0 ? uint8(1 + (mood >> 8) % 3) : leaning;
    }

    function revealWhatWasCommitted(uint256 disputeId, Seat memory seat) internal {
        for (uint8 choice = 1; choice <= 3; ++choice) {
            if (seat.commitment == 0 || commitmentFor(disputeId, seat.verifierId, choice) != seat.commitment) continue;
            address owner = registry.ownerOf(seat.verifierId);
            vm.prank(owner);
            court.revealVote(disputeId, seat.verifierId, choice, saltOf(seat.verifierId), 0);
        }
    }

    /// @notice What parties may do beside the natural course.
    function aside(uint256 disputeId, uint256 seed) internal {
        uint8 side = uint8(1 + seed % 2);
        address party = partyOf(disputeId, side);
        bytes32 secret = keccak256(abi.encode(disputeId, side));
        uint256 way = (seed >> 8) % 6;
        if (way < 2) {
            bytes32 commitment = keccak256(abi.encode(secret));
            vm.prank(party);
            court.commitSeed(disputeId, side, commitment);
            ++reached["seed committed"];
        } else if (way < 4) {
            further(current(disputeId).seedBlock + 1);
            vm.prank(party);
            court.revealSeed(disputeId, side, secret);
            ++reached["seed revealed"];
        } else if (way == 4 && seed % 3 == 0) {
            party = partyOf(disputeId, 1);
            vm.prank(party);
            court.withdraw(disputeId);
            ++reached["withdrawn"];
        } else if (seed % 3 == 0) {
            party = partyOf(disputeId, 2);
            vm.prank(party);
            court.concede(disputeId);
            ++reached["conceded"];
        }
    }

    function partyOf(uint256 disputeId, uint8 side) internal view returns (address) {
        Dispute memory d = court.disputeOf(disputeId);
        if (side == Court.RESPONDENT) return registry.ownerOf(d.respondentId);
        return d.challengerId == 0 ? client : registry.ownerOf(d.challengerId);
    }

    function poolStep(uint256 seed) internal {
        uint256 verifierId = verifiers[(seed >> 16) % verifiers.length];
        address owner = registry.ownerOf(verifierId);
        uint256 way = seed % 6;
        if (way == 0) {
            vm.prank(owner);
            pool.leave(verifierId);
            ++reached["left"];
        } else if (way == 1) {
            for (uint256 i; i < verifiers.length && pool.isMember(verifierId); ++i) {
                verifierId = verifiers[i];
            }
            owner = registry.ownerOf(verifierId);
            vm.prank(owner);
            pool.join(verifierId);
            ++reached["rejoined"];
        } else if (way == 2) {
            skip(91 days);
            pool.evict(verifierId);
            ++reached["evicted"];
        } else if (way == 3) {
            attest(verifierId, 1 + (seed >> 128) % 24);
            ++reached["attested"];
        } else {
            pool.refreshWeight(verifierId);
        }
    }

    /// @dev One of the last three candidates goes on, or the next epoch has another one.
    function checkpointStep(uint256 seed) internal {
        uint256 count = checkpoints.candidateCount();
        uint256 candidateId = count < 3 ? count : count - (seed >> 8) % 3;
        Candidate memory found = checkpoints.candidateOf(candidateId);
        if (found.state == CandidateState.DISPUTED) return;
        if (found.state != CandidateState.POSTED || seed % 5 == 0) {
            postNext();
        } else if (block.timestamp >= found.finalAt) {
            settleCandidate(candidateId);
        } else if (found.quorum == 0 && (seed % 8 == 1 || block.number >= found.seedBlock + 64)) {
            further(found.seedBlock + 64);
            checkpoints.reseed(candidateId);
        } else if (found.quorum == 0) {
            further(found.seedBlock + 1);
            checkpoints.drawSigners(candidateId);
        } else if (found.signatures < found.quorum) {
            signAll(candidateId);
        } else if (seed % 3 == 0) {
            later(found.finalAt);
            settleCandidate(candidateId);
        }
    }

    function postNext() internal {
        uint64 epoch = checkpoints.lastEpoch() + 1;
        Roots memory roots = Roots("log", "state", 0, uint64(block.number - 1), 7);
        if (epoch > 1) roots.fromBlock = checkpoints.candidateOf(checkpoints.acceptedOf(epoch - 1)).roots.toBlock + 1;
        vm.prank(maker);
        checkpoints.post(epoch, makerId, roots);
        ++reached["posted"];
    }

    function settleCandidate(uint256 candidateId) internal {
        checkpoints.settleCandidate(candidateId);
        CandidateState state = checkpoints.candidateOf(candidateId).state;
        if (state == CandidateState.ACCEPTED) ++reached["accepted"];
        else ++reached[state == CandidateState.SUPERSEDED ? "superseded" : "unsigned"];
    }

    function signAll(uint256 candidateId) internal {
        uint256[] memory panel = checkpoints.panelOf(candidateId);
        // A member's stake does not move while another round waits for its panel.
        further(pool.frozenUntil());
        for (uint256 i; i < panel.length; ++i) {
            if (checkpoints.hasSigned(candidateId, panel[i]) || stakeAt(panel[i]) < 10 * CREDITS) continue;
            address owner = registry.ownerOf(panel[i]);
            vm.prank(owner);
            checkpoints.sign(candidateId, panel[i]);
            ++reached["signed"];
        }
    }

    function dataStep(uint256 seed) internal {
        uint256 way = seed % 12;
        seed >>= 16;
        if (way < 3 && data.leaseCount() < MOST_LEASES) {
            requested(bound(seed, 1, 1_000 * CREDITS), uint64(bound(seed >> 64, 60, 30 days)));
            return;
        }
        uint256 leaseId = 1 + seed % data.leaseCount();
        if (way < 5) {
            grantIt(leaseId);
            ++reached["granted"];
        } else if (way == 5) {
            askRenewal(leaseId, bound(seed, 1, 500 * CREDITS), uint64(bound(seed >> 64, 60, 10 days)));
            ++reached["renewal"];
        } else if (way == 6) {
            vm.prank(seed % 2 == 0 ? dataOwner : grantee);
            if (seed % 2 == 0) data.revoke(leaseId, "why");
            else data.release(leaseId);
        } else if (way == 7) {
            vm.prank(dataOwner);
            if (seed % 2 == 0) data.deny(leaseId, "no");
            else data.setManifest(dataOwnerId, NAME, bytes32(seed | 1), "");
        } else if (way == 8 && seed % 2 == 0) {
            later(data.renewalOf(leaseId).requestUntil);
            data.endRenewal(leaseId);
            ++reached["renewal ended"];
        } else if (way == 8) {
            vm.prank(dataOwner);
            data.setBudget(datasetId, uint64(seed % 1_000));
        } else if (way == 9) {
            vm.prank(dataOwner);
            data.spend(leaseId, uint64(seed % 100));
            ++reached["spent"];
        } else if (way == 10) {
            data.endLease(leaseId);
            ++reached["ended"];
        } else {
            while (leaseId > 1 && data.leaseOf(leaseId).state != LeaseState.ENDED) --leaseId;
            later(data.leaseOf(leaseId).endedAt + 7 days);
            data.releaseDeposit(leaseId);
            ++reached["closed"];
        }
    }

    function later(uint256 time) internal {
        if (block.timestamp < time) vm.warp(time);
    }

    function further(uint256 block_) internal {
        if (block.number < block_) vm.roll(block_);
    }
}
