// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { Court, CourtTerms, Dispute, IClerk, IDisputes, Phase } from "../interfaces/IDisputes.sol";
import { Accounts, Kind, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Clerk } from "./Clerk.sol";
import { DisputeBook } from "./DisputeBook.sol";
import { Settlement } from "./Settlement.sol";

/// @notice See IDisputes. How a dispute begins, and every way in which it ends.
/// @dev Always holds: a subject has at most one open dispute; both sides have put up the same B before anybody judges; a
///      settled dispute has nothing left in its account. Opening is a right with a deadline, so no breaker stands before it.
contract Disputes is Settlement {
    /// @dev What a challenger brings.
    struct Opening {
        uint8 kind;
        uint64 evidenceWindow;
        uint256 subjectId;
        uint256 challengerId;
        bytes32 claimHash;
    }

    IClerk internal immutable CLERK;

    constructor(Wiring memory wiring, Genesis memory) DisputeBook(wiring) {
        CLERK = new Clerk(wiring);
    }

    /// @inheritdoc IDisputes
    function open(uint8 kind, uint256 subjectId, uint256 challengerId, bytes32 claimHash)
        external
        returns (uint256 disputeId)
    {
        require(kind != Court.BAD_RECEIPT, WrongWay(kind));
        uint64 evidenceWindow = uint64(PARAMETERS.get(Keys.EVIDENCE_WINDOW));
        disputeId = _open(Opening(kind, evidenceWindow, subjectId, challengerId, claimHash));
        Dispute storage dispute = _disputes[disputeId];
        dispute.phase = Phase.EVIDENCE;
        uint128 bond = _terms[disputeId].bond;
        dispute.postedByChallenger = bond;
        bytes32 payer = Accounts.credit(_msgSender());
        _move(payer, _account(disputeId), disputeId, bond, Reasons.DISPUTE_BOND);
        _move(_terms[disputeId].pledge, _account(disputeId), disputeId, bond, Reasons.RESPONDENT_BOND);
    }

    /// @inheritdoc IDisputes
    function prove(uint256 taskId, uint256 challengerId, bytes calldata proof) external returns (uint256 disputeId) {
        require(CLERK.proves(taskId, proof), NotProven(taskId));
        disputeId = _open(Opening(Court.BAD_RECEIPT, 0, taskId, challengerId, keccak256(proof)));
        CourtTerms storage terms = _terms[disputeId];
        _move(terms.pledge, _account(disputeId), disputeId, terms.bond, Reasons.RESPONDENT_BOND);
        _conclude(disputeId, _disputes[disputeId], Court.UPHOLD, Court.PROVEN);
    }

    /// @inheritdoc IDisputes
    function clerk() external view returns (IClerk) {
        return CLERK;
    }

    /// @inheritdoc IDisputes
    function submitEvidence(uint256 disputeId, uint8 side, string calldata evidence) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.EVIDENCE);
        address caller = _requireSide(disputeId, side);
        _requireBefore(dispute.evidenceEnd);
        emit Evidence(disputeId, caller, evidence);
    }

    /// @inheritdoc IDisputes
    function settle(uint256 disputeId) external timeout {
        Dispute storage dispute = _requirePhase(disputeId, Phase.APPEAL);
        _requireFrom(dispute.appealEnd);
        bool judged = dispute.outcome == Court.MAJORITY || dispute.outcome == Court.TIE;
        _conclude(disputeId, dispute, dispute.ruling, judged ? Court.RULED : Court.UNDECIDED);
    }

    /// @inheritdoc IDisputes
    function withdraw(uint256 disputeId) external {
        Dispute storage dispute = _endBeforePanel(disputeId, Court.CHALLENGER);
        _conclude(disputeId, dispute, Court.REJECT, Court.WITHDRAWN);
    }

    /// @inheritdoc IDisputes
    function concede(uint256 disputeId) external {
        Dispute storage dispute = _endBeforePanel(disputeId, Court.RESPONDENT);
        _conclude(disputeId, dispute, Court.UPHOLD, Court.CONCEDED);
    }

    function _endBeforePanel(uint256 disputeId, uint8 side) private returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        if (dispute.phase != Phase.DRAW) return _requirePart(disputeId, side);
        // A first attempt that seated somebody has slashes to settle.
        require(dispute.round == 1 && _seats[_key(disputeId, 1, 1)].length == 0, PanelWasDrawn(disputeId));
        _requireSide(disputeId, side);
        _stopAwaiting(disputeId, _current(disputeId, dispute).seedBlock);
    }

    function _requirePart(uint256 disputeId, uint8 side) private view returns (Dispute storage dispute) {
        dispute = _requirePhase(disputeId, Phase.EVIDENCE);
        _requireSide(disputeId, side);
    }

    function _open(Opening memory opened) private returns (uint256 disputeId) {
        address caller = _msgSender();
        if (opened.challengerId != 0) REGISTRY.requireActor(opened.challengerId, caller);
        (IDisputable subjects,) = _subjectsOf(opened.kind);
        disputeId = ++_disputeCount;
        Challenge memory found =
            subjects.challenge(opened.subjectId, opened.kind, disputeId, opened.challengerId, caller);
        _requireStrangers(opened.challengerId, found);

        Dispute storage dispute = _disputes[disputeId];
        dispute.kind = opened.kind;
        dispute.challengerId = uint64(opened.challengerId);
        dispute.respondentId = uint64(found.respondentId);
        dispute.evidenceEnd = _now() + opened.evidenceWindow;
        dispute.subjectId = opened.subjectId;
        dispute.claimHash = opened.claimHash;
        CourtTerms memory terms = CLERK.termsFor(found);
        dispute.postedByRespondent = terms.bond;
        _terms[disputeId] = terms;
        _emitOpened(disputeId, dispute);
        emit DisputeBonded(disputeId, terms);
        REGISTRY.lock(found.respondentId);
        if (opened.challengerId != 0) REGISTRY.lock(opened.challengerId);
    }

    function _emitOpened(uint256 disputeId, Dispute storage dispute) private {
        (, Kind account) = _subjectsOf(dispute.kind);
        emit DisputeOpened(
            disputeId,
            Accounts.encode(account, dispute.subjectId),
            dispute.challengerId,
            dispute.respondentId,
            dispute.kind,
            dispute.claimHash,
            dispute.evidenceEnd
        );
    }

    /// @dev A friend's challenge would bring half of the bond home and shut the honest out.
    function _requireStrangers(uint256 challengerId, Challenge memory found) private view {
        bool related = challengerId == 0
            ? found.principal == REGISTRY.ownerOf(found.respondentId)
            : VERIFIER_POOL.related(challengerId, found.respondentId);
        require(!related, RelatedParties(challengerId, found.respondentId));
    }
}
