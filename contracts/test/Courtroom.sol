// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Disputes } from "../src/court/Disputes.sol";
import { VerifierPool } from "../src/court/VerifierPool.sol";
import { Court, CourtTerms, Dispute, Phase, Round, Seat } from "../src/interfaces/IDisputes.sol";
import { Terms } from "../src/interfaces/ITaskMarket.sol";
import { Accounts, Pledge } from "../src/libraries/Accounts.sol";
import { TaskMarket } from "../src/market/TaskMarket.sol";
import { WorkLeases } from "../src/market/WorkLeases.sol";
import { Agents } from "./Agents.sol";
import { vm } from "./Vm.sol";

/// @title A court with sixteen verifiers, a submitted task of 1,000 credits, its client, its agent, and a watcher.
/// @notice Everything is real: tasks, bonds, draws, votes. The steps of a dispute are one-liners.
abstract contract Courtroom is Agents {
    uint256 internal constant VERIFIERS = 16;
    uint256 internal constant STAKED = 1_000 * CREDITS;
    uint256 internal constant PRICE = 1_000 * CREDITS;
    uint256 internal constant BOND = 240 * CREDITS;
    uint256 internal constant RICH = 1_000_000 * CREDITS;
    bytes32 internal constant DOMAIN = "translation";
    bytes32 internal constant CLAIM = keccak256("claim");

    VerifierPool internal pool;
    Disputes internal court;
    TaskMarket internal market;
    WorkLeases internal works;

    address internal client;
    address internal maker;
    address internal watcher;
    uint256 internal makerId;
    uint256 internal watcherId;
    uint256[] internal verifiers;

    function setUp() public virtual override {
        super.setUp();
        pool = VerifierPool(wiring.verifierPool);
        court = Disputes(wiring.disputes);
        market = TaskMarket(wiring.taskMarket);
        works = WorkLeases(wiring.workLeases);
        client = person("client");
        maker = person("maker");
        watcher = person("watcher");
        fund(client, RICH);
        fund(maker, RICH);
        fund(watcher, RICH);
        makerId = newAgent(maker, 10_000 * CREDITS);
        watcherId = newAgent(watcher, 0);
        for (uint256 i; i < seatedAtStart(); ++i) {
            verifiers.push(newVerifier(person(string.concat("verifier ", vm.toString(i))), STAKED));
        }
    }

    function seatedAtStart() internal view virtual returns (uint256) {
        return VERIFIERS;
    }

    function newVerifier(address owner, uint256 amount) internal returns (uint256 verifierId) {
        verifierId = newAgent(owner, amount);
        vm.prank(owner);
        pool.join(verifierId);
    }

    /// @notice Ends the bootstrap: the first fifteen verifiers are attested, each of its own organisation and network.
    function endBootstrap() internal {
        for (uint256 i; i < 15; ++i) {
            attest(verifiers[i], i + 1);
        }
        skip(7 days);
    }

    function attest(uint256 verifierId, uint256 key) internal {
        vm.prank(attester);
        pool.attest(verifierId, bytes32(key), bytes32(key << 128), uint64(block.timestamp + 180 days));
    }

    function taskTerms() internal view returns (Terms memory t) {
        t.mode = 1;
        t.verification = 1;
        t.domain = DOMAIN;
        t.maxPrice = PRICE;
        t.agentBond = BOND;
        // A strike must not bar the maker from the next test.
        t.minReputation = -1_000e6;
        t.bidWindow = 900;
        t.startWindow = 900;
        t.deliverWindow = 1 days;
        t.reviewWindow = 2 hours;
        t.challengeWindow = 2 hours;
        t.leaseTtl = 120;
        t.grace = 30;
        t.expiresAt = uint64(block.timestamp + 10 days);
        t.specHash = keccak256("spec");
        t.specURI = "ipfs://spec";
    }

    /// @notice A task whose work the maker has submitted; it is under review.
    function submitted() internal returns (uint256 taskId) {
        return submitted(keccak256("result"), keccak256("receipt"));
    }

    function submitted(bytes32 resultHash, bytes32 receiptHash) internal returns (uint256 taskId) {
        return submitted(taskTerms(), resultHash, receiptHash);
    }

    function submitted(Terms memory t, bytes32 resultHash, bytes32 receiptHash) internal returns (uint256 taskId) {
        vm.prank(client);
        taskId = market.createTask(0, t);
        vm.prank(maker);
        uint256 bidId = market.placeBid(taskId, makerId, t.maxPrice, 1 hours, keccak256("proposal"));
        vm.prank(client);
        market.pick(taskId, bidId);
        vm.prank(maker);
        works.start(taskId);
        vm.prank(maker);
        market.submit(taskId, resultHash, receiptHash, "ipfs://result");
    }

    function openByWatcher(uint8 kind, uint256 subjectId) internal returns (uint256 disputeId) {
        vm.prank(watcher);
        return court.open(kind, subjectId, watcherId, CLAIM);
    }

    function openByClient(uint8 kind, uint256 taskId) internal returns (uint256 disputeId) {
        vm.prank(client);
        return court.open(kind, taskId, 0, CLAIM);
    }

    function startRound(uint256 disputeId) internal {
        vm.warp(court.disputeOf(disputeId).evidenceEnd);
        court.startRound(disputeId);
    }

    /// @notice Rolls past the seed block and draws.
    function drawNow(uint256 disputeId) internal {
        vm.roll(current(disputeId).seedBlock + 1);
        court.draw(disputeId);
    }

    /// @notice The time for the draw passes, and the seed's window with it.
    function letTheDrawPass(uint256 disputeId) internal {
        vm.warp(current(disputeId).drawBy);
        vm.roll(current(disputeId).seedBlock + 64);
    }

    /// @notice From the opening to a panel.
    function seated(uint256 disputeId) internal {
        startRound(disputeId);
        drawNow(disputeId);
    }

    /// @notice The panel votes, seat by seat (0 = stays away), and the round is resolved.
    function vote(uint256 disputeId, uint8[] memory choices) internal {
        commitAll(disputeId, choices);
        revealAll(disputeId, choices);
        vm.warp(current(disputeId).revealEnd);
        court.resolveRound(disputeId);
    }

    function commitAll(uint256 disputeId, uint8[] memory choices) internal {
        for (uint256 i; i < choices.length; ++i) {
            if (choices[i] != 0) commitSeat(disputeId, i, choices[i]);
        }
    }

    function revealAll(uint256 disputeId, uint8[] memory choices) internal {
        vm.warp(current(disputeId).commitEnd);
        for (uint256 i; i < choices.length; ++i) {
            if (choices[i] != 0) revealSeat(disputeId, i, choices[i]);
        }
    }

    function commitSeat(uint256 disputeId, uint256 index, uint8 choice) internal {
        uint256 verifierId = seatOf(disputeId, index).verifierId;
        bytes32 commitment = commitmentFor(disputeId, verifierId, choice);
        vm.prank(registry.ownerOf(verifierId));
        court.commitVote(disputeId, verifierId, commitment);
    }

    function revealSeat(uint256 disputeId, uint256 index, uint8 choice) internal {
        uint256 verifierId = seatOf(disputeId, index).verifierId;
        vm.prank(registry.ownerOf(verifierId));
        court.revealVote(disputeId, verifierId, choice, saltOf(verifierId), keccak256("because"));
    }

    function commitmentFor(uint256 disputeId, uint256 verifierId, uint8 choice) internal view returns (bytes32) {
        Dispute memory d = court.disputeOf(disputeId);
        return court.voteCommitmentOf(disputeId, d.round, d.attempt, verifierId, choice, saltOf(verifierId));
    }

    function saltOf(uint256 verifierId) internal pure returns (bytes32) {
        return keccak256(abi.encode("salt", verifierId));
    }

    function settleNow(uint256 disputeId) internal {
        vm.warp(court.disputeOf(disputeId).appealEnd);
        court.settle(disputeId);
    }

    function appealBy(uint256 disputeId, uint8 side) internal {
        vm.prank(side == Court.RESPONDENT ? maker : sideOfChallenger(disputeId));
        court.appeal(disputeId, side);
    }

    function sideOfChallenger(uint256 disputeId) internal view returns (address) {
        return court.disputeOf(disputeId).challengerId == 0 ? client : watcher;
    }

    function current(uint256 disputeId) internal view returns (Round memory) {
        Dispute memory d = court.disputeOf(disputeId);
        return court.roundOf(disputeId, d.round, d.attempt);
    }

    function seatOf(uint256 disputeId, uint256 index) internal view returns (Seat memory) {
        Dispute memory d = court.disputeOf(disputeId);
        return court.seatsOf(disputeId, d.round, d.attempt)[index];
    }

    function seatsNow(uint256 disputeId) internal view returns (Seat[] memory) {
        Dispute memory d = court.disputeOf(disputeId);
        return court.seatsOf(disputeId, d.round, d.attempt);
    }

    function votes(uint8 a, uint8 b, uint8 c) internal pure returns (uint8[] memory v) {
        v = new uint8[](3);
        (v[0], v[1], v[2]) = (a, b, c);
    }

    function votes7(uint8[7] memory list) internal pure returns (uint8[] memory v) {
        v = new uint8[](7);
        for (uint256 i; i < 7; ++i) {
            v[i] = list[i];
        }
    }

    /// @notice As many equal votes as the panel has seats.
    function unanimous(uint256 disputeId, uint8 choice) internal view returns (uint8[] memory v) {
        v = new uint8[](seatsNow(disputeId).length);
        for (uint256 i; i < v.length; ++i) {
            v[i] = choice;
        }
    }

    /// @notice What a draw and a settlement pay their caller: half a percent of what the present panel locks or would lock.
    function keeperFee(uint256 disputeId) internal view returns (uint256) {
        Dispute memory d = court.disputeOf(disputeId);
        uint256 seats = current(disputeId).panelSize;
        uint256 seatBond = (uint256(court.disputeOf(disputeId).bond) << (d.round - 1)) / seats;
        uint256 most = court.disputeOf(disputeId).maxSeat;
        return (seatBond < most ? seatBond : most) * seats / 200;
    }

    function stakeAt(uint256 verifierId) internal view returns (uint256) {
        return balance(Accounts.stake(verifierId));
    }

    function pledgeOf(uint256 taskId) internal pure returns (bytes32) {
        return Accounts.atRisk(Pledge.TASK, taskId);
    }

    function burned() internal view returns (uint256) {
        return balance(Accounts.BURN);
    }
}
