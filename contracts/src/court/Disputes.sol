// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { Court, CourtTerms, Dispute, IDisputes, Phase } from "../interfaces/IDisputes.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Accounts, Kind, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Delivery, Receipts } from "../libraries/Receipts.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { DisputeBook } from "./DisputeBook.sol";
import { Settlement } from "./Settlement.sol";

/// @notice See IDisputes. How a dispute begins, and every way in which it ends.
/// @dev Always holds: a subject has at most one open dispute; both sides have put up the same B before anybody judges; a
///      settled dispute has nothing left in its account. Opening is a right with a deadline, so no breaker stands before it.
contract Disputes is Settlement, EIP712 {
    /// @dev What a challenger brings.
    struct Opening {
        uint8 kind;
        uint64 evidenceWindow;
        uint256 subjectId;
        uint256 challengerId;
        bytes32 claimHash;
    }

    constructor(Wiring memory wiring, Genesis memory) DisputeBook(wiring) EIP712("EventSourced Court", "1") { }

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
        require(_proves(taskId, proof), NotProven(taskId));
        disputeId = _open(Opening(Court.BAD_RECEIPT, 0, taskId, challengerId, keccak256(proof)));
        CourtTerms storage terms = _terms[disputeId];
        _move(terms.pledge, _account(disputeId), disputeId, terms.bond, Reasons.RESPONDENT_BOND);
        _conclude(disputeId, _disputes[disputeId], Court.UPHOLD, Court.PROVEN);
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
        dispute.postedByRespondent = SafeCast.toUint128(found.bond);
        _terms[disputeId] = _termsFor(found);
        _emitOpened(disputeId, dispute);
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
        emit DisputeBonded(disputeId, _terms[disputeId]);
    }

    /// @dev A friend's challenge would bring half of the bond home and shut the honest out.
    function _requireStrangers(uint256 challengerId, Challenge memory found) private view {
        bool related = challengerId == 0
            ? found.principal == REGISTRY.ownerOf(found.respondentId)
            : VERIFIER_POOL.related(challengerId, found.respondentId);
        require(!related, RelatedParties(challengerId, found.respondentId));
    }

    function _termsFor(Challenge memory found) private view returns (CourtTerms memory terms) {
        uint256 strikes = REPUTATION.strikesOf(found.respondentId);
        terms.principal = found.principal;
        terms.deterministic = found.deterministic;
        terms.strikes = uint8(strikes < MOST_STRIKES ? strikes : MOST_STRIKES);
        terms.pledge = found.pledge;
        terms.bond = uint128(found.bond);
        terms.minSeat = uint128(PARAMETERS.get(Keys.MIN_SEAT));
        terms.maxSeat = uint128(PARAMETERS.get(Keys.MAX_SEAT));
        terms.commitWindow = uint32(PARAMETERS.get(Keys.COMMIT_WINDOW));
        terms.revealWindow = uint32(PARAMETERS.get(Keys.REVEAL_WINDOW));
        terms.appealWindow = uint32(PARAMETERS.get(Keys.APPEAL_WINDOW));
        terms.drawWindow = uint32(PARAMETERS.get(Keys.DRAW_BY));
        terms.absentSlash = uint16(PARAMETERS.get(Keys.ABSENT_SLASH));
        terms.incoherentSlash =
            uint16(PARAMETERS.get(found.deterministic ? Keys.INCOHERENT_DETERMINISTIC : Keys.INCOHERENT_JUDGED));
        terms.withdrawCut = uint16(PARAMETERS.get(Keys.WITHDRAW_CUT));
    }

    function _proves(uint256 taskId, bytes calldata proof) private view returns (bool) {
        if (proof.length == 0) return false;
        (uint256 agentId,, bytes32 resultHash, bytes32 receiptHash) = ITaskMarket(TASK_MARKET).resultOf(taskId);
        bytes calldata body = proof[1:];
        uint8 form = uint8(proof[0]);
        if (form == Receipts.MISMATCH) {
            (bool found, bytes32 outputHash) = Receipts.outputHashOf(body);
            return found && sha256(body) == receiptHash && outputHash != resultHash;
        }
        return form == Receipts.TWO_SIGNATURES && _signedTwice(taskId, agentId, body);
    }

    function _signedTwice(uint256 taskId, uint256 agentId, bytes calldata body) private view returns (bool) {
        (Delivery memory one, bytes memory oneSignature, Delivery memory other, bytes memory otherSignature) =
            abi.decode(body, (Delivery, bytes, Delivery, bytes));
        if (one.taskId != taskId || other.taskId != taskId || one.resultHash == other.resultHash) return false;
        return _signed(agentId, one, oneSignature) && _signed(agentId, other, otherSignature);
    }

    function _signed(uint256 agentId, Delivery memory delivery, bytes memory signature) private view returns (bool) {
        bytes32 digest = _hashTypedDataV4(Receipts.structHash(delivery));
        return REGISTRY.mayAct(agentId, Receipts.signerOf(digest, signature));
    }
}
