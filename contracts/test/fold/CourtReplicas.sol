// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { DataLeases } from "../../src/court/DataLeases.sol";
import { Disputes } from "../../src/court/Disputes.sol";
import { EpochCheckpoints } from "../../src/court/EpochCheckpoints.sol";
import { VerifierPool } from "../../src/court/VerifierPool.sol";
import { Candidate, CandidateState, ICheckpoints, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { DataLease, Dataset, IDataLeases, LeaseState, Renewal } from "../../src/interfaces/IDataLeases.sol";
import {
    Contribution,
    Court,
    CourtTerms,
    Dispute,
    IDisputes,
    Phase,
    Round,
    Seat
} from "../../src/interfaces/IDisputes.sol";
import { Attestation, IVerifierPool, Member } from "../../src/interfaces/IVerifierPool.sol";
import { Accounts, Kind } from "../../src/libraries/Accounts.sol";
import { SumTree } from "../../src/libraries/SumTree.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Vm } from "../Vm.sol";
import { IReplica } from "./Fold.sol";

contract PoolReplica is VerifierPool, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) VerifierPool(wiring, genesis) {
        ORIGINAL = wiring.verifierPool;
        _revokeRole(DEFAULT_ADMIN_ROLE, wiring.timelock);
        for (uint256 i; i < genesis.attesters.length; ++i) {
            _revokeRole(ATTESTER_ROLE, genesis.attesters[i]);
        }
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 topic = log.topics[0];
        if (topic == IVerifierPool.VerifierAdmitted.selector) {
            uint256 verifierId = uint256(log.topics[2]);
            (uint64 ownerSince, uint256 minimum) = abi.decode(log.data, (uint64, uint256));
            _enter(verifierId, address(uint160(uint256(log.topics[3]))), ownerSince, minimum);
            (bytes32 orgKey,) = keysOf(verifierId);
            _countOrganisation(orgKey);
        } else if (topic == IVerifierPool.VerifierTreeSet.selector) {
            _setTree(uint256(log.topics[2]), abi.decode(log.data, (bool)));
        } else if (topic == IVerifierPool.VerifierLeft.selector) {
            _exit(uint256(log.topics[2]));
        } else if (topic == IVerifierPool.VerifierWeightSet.selector) {
            (uint32 slot, uint256 weight, uint64 lastActive) = abi.decode(log.data, (uint32, uint256, uint64));
            Member storage member = _members[uint256(log.topics[2])];
            SumTree.set(_treeOf(member.attested), slot, weight);
            member.lastActive = lastActive;
        } else if (topic == IVerifierPool.VerifierAttested.selector) {
            _attest(log);
        } else if (topic == IVerifierPool.SeedAwaited.selector) {
            _waiting[uint256(log.topics[1])] = abi.decode(log.data, (uint256));
        } else if (topic == IAccessControl.RoleGranted.selector) {
            _grantRole(log.topics[1], address(uint160(uint256(log.topics[2]))));
        } else if (topic == IAccessControl.RoleRevoked.selector) {
            _revokeRole(log.topics[1], address(uint160(uint256(log.topics[2]))));
        }
    }

    function _attest(Vm.Log calldata log) private {
        uint256 agentId = uint256(log.topics[1]);
        (bytes32 orgKey, bytes32 asnKey, uint64 until) = abi.decode(log.data, (bytes32, bytes32, uint64));
        _attestations[agentId] = Attestation(orgKey, asnKey, until, address(uint160(uint256(log.topics[2]))));
        uint256 place = _members[agentId].place;
        if (place == 0) return;
        if (until > block.timestamp) _countOrganisation(orgKey);
        _setKeys(agentId, place - 1);
    }
}

contract DisputesReplica is Disputes, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Disputes(wiring, genesis) {
        ORIGINAL = wiring.disputes;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 topic = log.topics[0];
        uint256 id = uint256(log.topics[1]);
        if (topic == IDisputes.DisputeOpened.selector) _opened(id, log);
        else if (topic == IDisputes.DisputeBonded.selector) _bonded(id, abi.decode(log.data, (CourtTerms)));
        else if (topic == IDisputes.RoundStarted.selector) _started(id, log);
        else if (topic == IDisputes.SeedCommitted.selector) _seedCommitted(id, log);
        else if (topic == IDisputes.SeedRevealed.selector) _seedRevealed(id, log);
        else if (topic == IDisputes.PanelDrawn.selector) _drawn(id, log);
        else if (topic == IDisputes.VoteCommitted.selector) _voteCommitted(id, log);
        else if (topic == IDisputes.VoteRevealed.selector) _voteRevealed(id, log);
        else if (topic == IDisputes.RoundResolved.selector) _resolved(id, log);
        else if (topic == IDisputes.DisputeSettled.selector) _settled(id, log);
    }

    function _opened(uint256 id, Vm.Log calldata log) private {
        Dispute storage dispute = _disputes[id];
        (uint256 respondentId, uint8 kind,, uint64 evidenceEnd) =
            abi.decode(log.data, (uint256, uint8, bytes32, uint64));
        _disputeCount = id;
        dispute.subjectId = uint64(Accounts.idOf(log.topics[2]));
        dispute.challengerId = uint64(uint256(log.topics[3]));
        dispute.respondentId = uint64(respondentId);
        dispute.kind = kind;
        dispute.evidenceEnd = evidenceEnd;
        if (kind != Court.BAD_RECEIPT) dispute.phase = Phase.EVIDENCE;
    }

    function _bonded(uint256 id, CourtTerms memory terms) private {
        _keep(_disputes[id], terms);
    }

    function _started(uint256 id, Vm.Log calldata log) private {
        Dispute storage dispute = _disputes[id];
        (uint8 number, uint8 attempt, uint16 panelSize,, uint64 seedBlock, uint64 drawBy) =
            abi.decode(log.data, (uint8, uint8, uint16, uint16, uint64, uint64));
        Round storage round = _current(id, dispute);
        // An attempt that has not ended waits for a later block; one that has ended begins anew, under the last number too.
        if (dispute.round == number && dispute.attempt == attempt && round.outcome == 0) {
            round.seedBlock = seedBlock;
            round.reseeded = true;
            return;
        }
        uint8 side;
        if (number > 1) {
            side = uint256(log.topics[2]) == dispute.respondentId ? Court.RESPONDENT : Court.CHALLENGER;
        }
        if (number > dispute.round && number > 1) _post(dispute, side, _appealBond(dispute, number));
        round = _begin(id, dispute, number, attempt, side, panelSize);
        round.seedBlock = seedBlock;
        round.drawBy = drawBy;
    }

    function _seedCommitted(uint256 id, Vm.Log calldata log) private {
        (,, bytes32 commitment) = abi.decode(log.data, (uint8, uint8, bytes32));
        _contributionOf(id, log).commitment = commitment;
    }

    function _seedRevealed(uint256 id, Vm.Log calldata log) private {
        (,, bytes32 secret) = abi.decode(log.data, (uint8, uint8, bytes32));
        Contribution storage given = _contributionOf(id, log);
        given.secret = secret;
        given.revealed = true;
    }

    function _contributionOf(uint256 id, Vm.Log calldata log) private view returns (Contribution storage) {
        address party = address(uint160(uint256(log.topics[2])));
        Dispute storage dispute = _disputes[id];
        uint8 side = party == _home(dispute, Court.RESPONDENT) ? Court.RESPONDENT : Court.CHALLENGER;
        return _contribution(id, dispute, _current(id, dispute).seedBlock, side);
    }

    function _drawn(uint256 id, Vm.Log calldata log) private {
        Dispute storage dispute = _disputes[id];
        Round storage round = _current(id, dispute);
        (,,, uint256[] memory verifierIds, uint64 commitEnd, uint64 revealEnd) =
            abi.decode(log.data, (uint8, uint8, bytes32, uint256[], uint64, uint64));
        dispute.phase = Phase.VOTING;
        round.seatBond = _seatBond(dispute, dispute.round, round.panelSize);
        round.commitEnd = commitEnd;
        round.revealEnd = revealEnd;
        for (uint256 i; i < verifierIds.length; ++i) {
            _seats[_key(id, dispute.round, dispute.attempt)].push(Seat(uint64(verifierIds[i]), 0, 0));
            ++_openSeats[verifierIds[i]];
        }
    }

    function _voteCommitted(uint256 id, Vm.Log calldata log) private {
        (,, bytes32 commitment) = abi.decode(log.data, (uint8, uint8, bytes32));
        _seatOf(id, uint256(log.topics[2])).commitment = bytes23(commitment);
    }

    function _voteRevealed(uint256 id, Vm.Log calldata log) private {
        (,, uint8 choice,) = abi.decode(log.data, (uint8, uint8, uint8, bytes32));
        _seatOf(id, uint256(log.topics[2])).choice = choice;
        ++_current(id, _disputes[id]).reveals;
    }

    function _seatOf(uint256 id, uint256 verifierId) private view returns (Seat storage) {
        Dispute storage dispute = _disputes[id];
        Seat[] storage seats = _seats[_key(id, dispute.round, dispute.attempt)];
        uint256 i;
        while (seats[i].verifierId != verifierId) ++i;
        return seats[i];
    }

    function _resolved(uint256 id, Vm.Log calldata log) private {
        Dispute storage dispute = _disputes[id];
        Round storage round = _current(id, dispute);
        (,, uint8 ruling, uint8 outcome, uint64 appealEnd) = abi.decode(log.data, (uint8, uint8, uint8, uint8, uint64));
        round.outcome = outcome;
        if (ruling == 0) return _free(_key(id, dispute.round, dispute.attempt));
        round.ruling = ruling;
        dispute.ruling = ruling;
        dispute.outcome = outcome;
        dispute.phase = Phase.APPEAL;
        dispute.appealEnd = appealEnd;
    }

    function _settled(uint256 id, Vm.Log calldata log) private {
        Dispute storage dispute = _disputes[id];
        (dispute.ruling, dispute.cause) = abi.decode(log.data, (uint8, uint8));
        dispute.phase = Phase.SETTLED;
        uint8 attempt = dispute.attempt;
        for (uint8 number = dispute.round; number != 0; --number) {
            uint256 key = _key(id, number, attempt);
            _free(key);
            attempt = _rounds[key].previous;
        }
    }

    function _free(uint256 key) private {
        Seat[] storage seats = _seats[key];
        for (uint256 i; i < seats.length; ++i) {
            --_openSeats[seats[i].verifierId];
        }
    }
}

contract CheckpointsReplica is EpochCheckpoints, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) EpochCheckpoints(wiring, genesis) {
        ORIGINAL = wiring.checkpoints;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 topic = log.topics[0];
        uint256 id = uint256(log.topics[1]);
        Candidate storage found = _candidates[id];
        if (topic == ICheckpoints.CandidatePosted.selector) {
            _posted(id, log);
        } else if (topic == ICheckpoints.CandidateAwaitsPanel.selector) {
            found.seedBlock = abi.decode(log.data, (uint64));
        } else if (topic == ICheckpoints.CandidatePanelDrawn.selector) {
            (bytes32 seed, uint256[] memory panel, uint16 quorum, uint256 seatBond) =
                abi.decode(log.data, (bytes32, uint256[], uint16, uint256));
            _seat(id, found, seed, panel, quorum, seatBond);
        } else if (topic == ICheckpoints.CandidateSigned.selector) {
            uint256 verifierId = uint256(log.topics[2]);
            _countSignature(found, _indexOf(id, verifierId), verifierId);
        } else if (topic == ICheckpoints.CandidateDisputed.selector) {
            found.state = CandidateState.DISPUTED;
            found.disputeId = uint64(uint256(log.topics[2]));
        } else if (topic == ICheckpoints.CandidateResumed.selector) {
            found.state = CandidateState.POSTED;
            (found.ruled, found.finalAt) = abi.decode(log.data, (bool, uint64));
        } else if (topic == ICheckpoints.CandidateSettled.selector) {
            _finish(id, found, CandidateState(abi.decode(log.data, (uint8))));
        }
    }

    function _posted(uint256 id, Vm.Log calldata log) private {
        (Roots memory roots, uint256 bond, uint256 fee, uint64 finalAt) =
            abi.decode(log.data, (Roots, uint256, uint256, uint64));
        Candidate storage found = _enter(id, uint64(uint256(log.topics[2])), uint256(log.topics[3]), bond, fee);
        found.finalAt = finalAt;
        found.roots = roots;
    }
}

contract DataLeasesReplica is DataLeases, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) DataLeases(wiring, genesis) {
        ORIGINAL = wiring.dataLeases;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 topic = log.topics[0];
        if (topic == IDataLeases.ConsentManifestSet.selector) {
            (bytes32 manifestHash,,) = abi.decode(log.data, (bytes32, uint32, string));
            _setManifest(log.topics[1], uint256(log.topics[2]), manifestHash);
        } else if (topic == IDataLeases.PrivacyBudgetSet.selector) {
            _datasets[log.topics[1]].budget = abi.decode(log.data, (uint64));
        } else if (topic == IDataLeases.PrivacySpent.selector) {
            (, _datasets[log.topics[1]].spent) = abi.decode(log.data, (uint64, uint64));
        } else {
            _foldLease(topic, uint256(log.topics[1]), log);
        }
    }

    function _foldLease(bytes32 topic, uint256 leaseId, Vm.Log calldata log) private {
        DataLease storage lease = _leases[leaseId];
        if (topic == IDataLeases.DataLeaseRequested.selector) {
            _requested(leaseId, lease, log);
        } else if (topic == IDataLeases.DataLeaseLeastSet.selector) {
            lease.leastBps = abi.decode(log.data, (uint16));
        } else if (topic == IDataLeases.DataLeaseRenewalEnded.selector) {
            delete _renewals[leaseId];
        } else if (topic == IDataLeases.DataLeaseRenewalRequested.selector) {
            (uint64 ttl, uint64 until, uint256 price, uint256 deposit) =
                abi.decode(log.data, (uint64, uint64, uint256, uint256));
            _renewals[leaseId] = Renewal(ttl, until, uint128(price));
            lease.deposit = uint128(deposit);
        } else if (topic == IDataLeases.DataLeaseGranted.selector) {
            if (lease.state == LeaseState.REQUESTED) {
                lease.state = LeaseState.ACTIVE;
                lease.start = _now();
            } else {
                _applyRenewal(leaseId, lease);
            }
        } else if (topic == IDataLeases.DataLeaseEnded.selector) {
            (uint8 cause,) = abi.decode(log.data, (uint8, bytes32));
            _finish(leaseId, lease, cause);
        } else if (topic == IDataLeases.DataLeaseDisputed.selector) {
            lease.disputeId = uint64(uint256(log.topics[2]));
        } else if (topic == IDataLeases.DataLeaseCleared.selector) {
            lease.disputeId = 0;
            lease.ruled = abi.decode(log.data, (bool));
        } else if (topic == IDataLeases.DataLeaseClosed.selector) {
            // A dispute that ends in a closing was not rejected.
            if (lease.disputeId != 0) lease.ruled = true;
            lease.disputeId = 0;
            lease.state = LeaseState.CLOSED;
        }
    }

    function _requested(uint256 leaseId, DataLease storage lease, Vm.Log calldata log) private {
        uint256 price;
        uint256 deposit;
        (, lease.ttl, lease.requestUntil, price, deposit, lease.feeBps) =
            abi.decode(log.data, (bytes32, uint64, uint64, uint256, uint256, uint16));
        _leaseCount = leaseId;
        lease.state = LeaseState.REQUESTED;
        lease.price = uint128(price);
        lease.deposit = uint128(deposit);
        lease.datasetId = log.topics[2];
        lease.version = _datasets[lease.datasetId].version;
        lease.granteeId = uint64(uint256(log.topics[3]));
    }
}
