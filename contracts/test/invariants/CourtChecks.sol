// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Candidate, CandidateState, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { Court, Dispute, Phase, Round, Seat } from "../../src/interfaces/IDisputes.sol";
import { Leaf } from "../../src/interfaces/IVerifierPool.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Drama } from "../Drama.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";
import { Watch } from "./Watch.sol";

/// @title What must hold at a court and its pool between any two calls.
abstract contract CourtChecks is Drama, Watch {
    function setUp() public virtual override(Drama, Economy) {
        Drama.setUp();
    }

    function assertAll() public view {
        assertConserved();
        assertBonded();
        checkASettledDisputeHasPaidEverythingOut();
        checkAnOpenDisputeHoldsWhatWasPosted();
        checkARulingHasItsQuorum();
        checkNobodysAbsenceRules();
        checkSeatsAreWithinTheStake();
        checkEpochsAreContiguousAndTheirBlocksAdjoin();
        checkCandidatesHoldTheirBonds();
        checkThePoolCountsItsMembers();
        checkLeasesLeaveNothingBehind();
    }

    /// @dev Invariant 4: a slash's parts sum to the slashed amount exactly, so nothing is left where it was slashed.
    function checkASettledDisputeHasPaidEverythingOut() internal view {
        for (uint256 id = 1; id <= court.disputeCount(); ++id) {
            Dispute memory d = court.disputeOf(id);
            if (d.phase != Phase.SETTLED) continue;
            vm.assertEq(balance(Accounts.dispute(id)), 0, "dispute account");
            for (uint8 round = 1; round <= d.round; ++round) {
                for (uint8 attempt = 1; begun(id, round, attempt); ++attempt) {
                    vm.assertEq(lockedIn(id, round, attempt), 0, "seat account");
                }
            }
        }
    }

    /// @dev While a dispute is open, its account holds both sides' bonds but for what keepers were paid, and the seats of its
    ///      rounds lock no more than was put up for them: who locks a verifier's stake has at least as much at stake.
    function checkAnOpenDisputeHoldsWhatWasPosted() internal view {
        for (uint256 id = 1; id <= court.disputeCount(); ++id) {
            Dispute memory d = court.disputeOf(id);
            if (d.phase == Phase.SETTLED) continue;
            uint256 appeals = uint256(d.appealedByChallenger) + d.appealedByRespondent;
            uint256 posted = 2 * uint256(d.bond) + appeals;
            uint256 held = balance(Accounts.dispute(id));
            vm.assertLe(held, posted, "more than bonds");
            vm.assertGe(held, posted - (d.bond + appeals) / 200, "less than bonds and fees");
            uint256 locked;
            for (uint8 round = 1; round <= d.round; ++round) {
                for (uint8 attempt = 1; begun(id, round, attempt); ++attempt) {
                    uint256 seats = lockedIn(id, round, attempt);
                    vm.assertLe(seats, uint256(d.bond) << (round - 1), "seats of a round");
                    locked += seats;
                }
            }
            vm.assertLe(locked, d.bond + appeals, "seats of a dispute");
            if (d.phase != Phase.VOTING) continue;
            uint256 now_ = lockedIn(id, d.round, d.attempt);
            vm.assertEq(now_, seatsNow(id).length * current(id).seatBond, "seats now");
        }
    }

    /// @dev What the seats of an attempt lock; each is its verifier's and nobody else's.
    function lockedIn(uint256 id, uint8 round, uint8 attempt) internal view returns (uint256 sum) {
        Seat[] memory seats = court.seatsOf(id, round, attempt);
        for (uint16 i; i < seats.length; ++i) {
            bytes32 account = Accounts.seat(id, round, attempt, i);
            uint256 held = balance(account);
            if (held != 0) vm.assertEq(vault.pledgerOf(account), seats[i].verifierId, "whose seat");
            sum += held;
        }
    }

    /// @dev Invariant 5: a ruling needs its quorum; voters are on the panel; one vote each; reveal matches commitment.
    function checkARulingHasItsQuorum() internal view {
        for (uint256 id = 1; id <= court.disputeCount(); ++id) {
            Dispute memory d = court.disputeOf(id);
            for (uint8 round = 1; round <= d.round; ++round) {
                for (uint8 attempt = 1; begun(id, round, attempt); ++attempt) {
                    checkAttempt(id, round, attempt);
                }
            }
        }
    }

    function checkAttempt(uint256 id, uint8 round, uint8 attempt) internal view {
        Round memory r = court.roundOf(id, round, attempt);
        Seat[] memory seats = court.seatsOf(id, round, attempt);
        uint256[4] memory counts;
        for (uint256 i; i < seats.length; ++i) {
            Seat memory seat = seats[i];
            ++counts[seat.choice];
            if (seat.choice != 0) {
                bytes32 expected =
                    court.voteCommitmentOf(id, round, attempt, seat.verifierId, seat.choice, saltOf(seat.verifierId));
                vm.assertEq(seat.commitment, bytes23(expected), "reveal and commitment");
            }
            for (uint256 k; k < i; ++k) {
                vm.assertTrue(seats[k].verifierId != seat.verifierId, "one seat each");
                vm.assertTrue(registry.ownerOf(seats[k].verifierId) != registry.ownerOf(seat.verifierId), "owners");
            }
        }
        vm.assertEq(r.reveals, counts[1] + counts[2] + counts[3], "votes");
        vm.assertTrue(seats.length == 0 || seats.length == r.panelSize, "a panel is full");
        bool failed = r.outcome == Court.NO_QUORUM || r.outcome == Court.NO_PANEL;
        vm.assertTrue(!failed || r.ruling == 0, "no ruling by absence");
        if (r.outcome == Court.MAJORITY) {
            vm.assertGe(r.reveals, r.quorum);
            vm.assertGt(2 * counts[r.ruling], r.reveals);
        } else if (r.outcome == Court.TIE) {
            vm.assertGe(r.reveals, r.quorum);
            vm.assertEq(uint256(r.ruling), Court.SPLIT);
        }
    }

    /// @dev Members who stay away decide nothing: what holds was ruled by a quorum of a full panel, and before that nothing holds.
    function checkNobodysAbsenceRules() internal view {
        for (uint256 id = 1; id <= court.disputeCount(); ++id) {
            Dispute memory d = court.disputeOf(id);
            bool judged = d.phase == Phase.APPEAL || (d.phase == Phase.SETTLED && d.cause == Court.RULED);
            if (judged) {
                Round memory r = court.roundOf(id, d.round, d.attempt);
                vm.assertTrue(r.outcome == Court.MAJORITY || r.outcome == Court.TIE, "nobody ruled");
                vm.assertEq(uint256(r.quorum), uint256(r.panelSize) / 2 + 1, "quorum of a panel");
                vm.assertEq(court.seatsOf(id, d.round, d.attempt).length, r.panelSize, "seats of a ruling");
                vm.assertGe(r.reveals, r.quorum, "votes of a ruling");
                vm.assertEq(uint256(d.ruling), r.ruling, "the ruling is the last round's");
            } else if (d.phase != Phase.SETTLED && d.round < 2) {
                vm.assertEq(uint256(d.ruling), 0, "a ruling before a vote");
            }
        }
    }

    /// @dev What a verifier's open seats lock is its own stake: all of them together are no more than it has bonded.
    function checkSeatsAreWithinTheStake() internal view {
        uint256[] memory open = new uint256[](registry.agentCount() + 1);
        uint256[] memory locked = new uint256[](open.length);
        for (uint256 id = 1; id <= court.disputeCount(); ++id) {
            Dispute memory d = court.disputeOf(id);
            if (d.phase == Phase.SETTLED) continue;
            for (uint8 round = 1; round <= d.round; ++round) {
                for (uint8 attempt = 1; begun(id, round, attempt); ++attempt) {
                    Seat[] memory seats = court.seatsOf(id, round, attempt);
                    for (uint16 i; i < seats.length; ++i) {
                        uint256 held = balance(Accounts.seat(id, round, attempt, i));
                        locked[seats[i].verifierId] += held;
                        if (held != 0) ++open[seats[i].verifierId];
                    }
                }
            }
        }
        for (uint256 i; i < verifiers.length; ++i) {
            vm.assertEq(court.openSeatsOf(verifiers[i]), open[verifiers[i]], "open seats");
            vm.assertLe(locked[verifiers[i]], stake.bondedOf(verifiers[i]), "seats and stake");
        }
    }

    function begun(uint256 id, uint8 round, uint8 attempt) internal view returns (bool) {
        return court.roundOf(id, round, attempt).panelSize != 0;
    }

    /// @dev Invariant 8: checkpoint epochs are contiguous, block ranges adjoin.
    function checkEpochsAreContiguousAndTheirBlocksAdjoin() internal view {
        uint64 last = checkpoints.lastEpoch();
        for (uint64 epoch = 1; epoch <= last; ++epoch) {
            Roots memory roots = acceptedRoots(epoch);
            vm.assertLe(roots.fromBlock, roots.toBlock);
            if (epoch > 1) vm.assertEq(roots.fromBlock, acceptedRoots(epoch - 1).toBlock + 1);
        }
    }

    function acceptedRoots(uint64 epoch) internal view returns (Roots memory) {
        uint256 candidateId = checkpoints.acceptedOf(epoch);
        vm.assertTrue(checkpoints.candidateOf(candidateId).state == CandidateState.ACCEPTED, "gap");
        return checkpoints.candidateOf(candidateId).roots;
    }

    /// @dev A candidate's account holds its bond while it may be challenged, and nothing when it is decided; open signatures
    ///      are counted.
    function checkCandidatesHoldTheirBonds() internal view {
        for (uint256 id = 1; id <= checkpoints.candidateCount(); ++id) {
            Candidate memory found = checkpoints.candidateOf(id);
            uint256 held = balance(checkpoints.pledgeOf(id));
            if (found.state == CandidateState.POSTED) vm.assertGe(held, found.bond, "bond");
            else if (found.state != CandidateState.DISPUTED) vm.assertEq(held, 0, "decided");
        }
        for (uint256 i; i < verifiers.length; ++i) {
            uint256 signatures;
            for (uint256 id = 1; id <= checkpoints.candidateCount(); ++id) {
                CandidateState state = checkpoints.candidateOf(id).state;
                bool open = state == CandidateState.POSTED || state == CandidateState.DISPUTED;
                if (open && checkpoints.hasSigned(id, verifiers[i])) ++signatures;
            }
            vm.assertEq(checkpoints.openSignaturesOf(verifiers[i]), signatures, "signatures");
        }
    }

    /// @dev The trees' total is the sum of the members' leaves, slots are dense, an owner has one leaf, and a leaf says what its
    ///      member is.
    function checkThePoolCountsItsMembers() internal view {
        uint256 total;
        uint256 attested;
        uint256 count = pool.memberCount();
        for (uint256 slot; slot < count; ++slot) {
            uint256 verifierId = pool.verifierAt(slot);
            vm.assertEq(uint256(pool.memberOf(verifierId).place), slot + 1);
            Leaf memory leaf = pool.leafAt(slot);
            vm.assertEq(leaf.owner, registry.ownerOf(verifierId), "owner");
            vm.assertEq(pool.leafOf(leaf.owner), verifierId, "one owner, one leaf");
            vm.assertEq(uint256(leaf.attestedUntil), pool.attestationOf(verifierId).validUntil, "keys");
            total += pool.weightOf(verifierId);
            if (pool.memberOf(verifierId).attested) attested += pool.weightOf(verifierId);
        }
        vm.assertEq(pool.verifierAt(count), 0);
        vm.assertEq(pool.totalWeight(), total);
        vm.assertEq(pool.attestedWeight(), attested);
    }

    /// @dev Data leases: an ended lease has nothing, a closed one no deposit, a budget is never overspent by a spend.
    function checkLeasesLeaveNothingBehind() internal view {
        for (uint256 id = 1; id <= data.leaseCount(); ++id) {
            uint8 state = uint8(data.leaseOf(id).state);
            if (state >= 3) vm.assertEq(balance(Accounts.lease(id)), 0, "ended");
            if (state == 4) vm.assertEq(depositOf(id), 0, "closed");
        }
    }

    /// @dev The court, its registers and its pool debit every kind that they may, and no other.
    function assertLeastPrivilege() external view {
        assertDebits(wiring.disputes);
        assertDebits(wiring.dataLeases);
        assertDebits(wiring.checkpoints);
        assertDebits(wiring.verifierPool);
    }
}
