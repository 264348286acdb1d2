// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import {
    Contribution,
    Court,
    CourtTerms,
    Dispute,
    IClerk,
    IDisputes,
    Phase,
    Round,
    Seat
} from "../interfaces/IDisputes.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { Accounts, Kind, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Clerk } from "./Clerk.sol";
import { DisputeBook } from "./DisputeBook.sol";
import { Panels } from "./Panels.sol";
import { Settlement } from "./Settlement.sol";

/// @notice See IDisputes. How a dispute begins, and every way in which it ends.
/// @dev Always holds: a subject has at most one open dispute; both sides have put up the same B before anybody judges; a
///      settled dispute has nothing left in its account. Opening is a right with a deadline, so no breaker stands before it.
contract Disputes is Panels {
    /// @dev What a challenger brings.
    struct Opening {
        uint8 kind;
        uint64 evidenceWindow;
        uint256 subjectId;
        uint256 challengerId;
        bytes32 claimHash;
    }

    IClerk internal immutable CLERK;
    address internal immutable SETTLEMENT;

    constructor(Wiring memory wiring, Genesis memory) DisputeBook(wiring) {
        CLERK = new Clerk(wiring);
        SETTLEMENT = address(new Settlement(wiring));
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
        uint128 bond = dispute.bond;
        bytes32 payer = Accounts.credit(_msgSender());
        _move(payer, _account(disputeId), disputeId, bond, Reasons.DISPUTE_BOND);
        _move(dispute.pledge, _account(disputeId), disputeId, bond, Reasons.RESPONDENT_BOND);
    }

    /// @inheritdoc IDisputes
    function prove(uint256 taskId, uint256 challengerId, bytes calldata proof) external returns (uint256 disputeId) {
        require(CLERK.proves(taskId, proof), NotProven(taskId));
        disputeId = _open(Opening(Court.BAD_RECEIPT, 0, taskId, challengerId, keccak256(proof)));
        Dispute storage dispute = _disputes[disputeId];
        _move(dispute.pledge, _account(disputeId), disputeId, dispute.bond, Reasons.RESPONDENT_BOND);
        _conclude(disputeId, Court.UPHOLD, Court.PROVEN);
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
        _conclude(disputeId, dispute.ruling, Court.RULED);
    }

    /// @inheritdoc IDisputes
    function withdraw(uint256 disputeId) external {
        _endBeforeSeed(disputeId);
        _requireSide(disputeId, Court.CHALLENGER);
        _conclude(disputeId, Court.REJECT, Court.WITHDRAWN);
    }

    /// @inheritdoc IDisputes
    function concede(uint256 disputeId) external {
        Dispute storage dispute = _endBeforeSeed(disputeId);
        _requireOwner(disputeId, dispute, Court.RESPONDENT);
        _conclude(disputeId, Court.UPHOLD, Court.CONCEDED);
    }

    /// @inheritdoc IDisputes
    function disputeOf(uint256 disputeId) external view returns (Dispute memory) {
        return _disputes[disputeId];
    }

    /// @inheritdoc IDisputes
    function roundOf(uint256 disputeId, uint8 round, uint8 attempt) external view returns (Round memory) {
        return _rounds[_key(disputeId, round, attempt)];
    }

    /// @inheritdoc IDisputes
    function seatsOf(uint256 disputeId, uint8 round, uint8 attempt) external view returns (Seat[] memory) {
        return _seats[_key(disputeId, round, attempt)];
    }

    /// @inheritdoc IDisputes
    function contributionOf(uint256 disputeId, uint8 round, uint8 attempt, uint64 seedBlock, uint8 side)
        external
        view
        returns (Contribution memory)
    {
        return _contributions[_key(disputeId, round, attempt)][seedBlock][side];
    }

    /// @inheritdoc IDisputes
    function disputeCount() external view returns (uint256) {
        return _disputeCount;
    }

    /// @inheritdoc IDisputes
    function openSeatsOf(uint256 verifierId) external view returns (uint256) {
        return _openSeats[verifierId];
    }

    function _conclude(uint256 disputeId, uint8 ruling, uint8 cause) internal override {
        _runSettlement(abi.encodeCall(Settlement.conclude, (disputeId, ruling, cause, _msgSender())));
    }

    function _settleAttempt(uint256 disputeId) internal override {
        _runSettlement(abi.encodeCall(Settlement.settleAttempt, (disputeId)));
    }

    /// @dev On this contract's storage and in its name; what it refuses is refused here.
    function _runSettlement(bytes memory call) private {
        (bool done, bytes memory refusal) = SETTLEMENT.delegatecall(call);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(refusal, 32), mload(refusal))
        }
    }

    /// @dev From the first seed block on a party could compare the panel that it foresees with a new one.
    function _endBeforeSeed(uint256 disputeId) private returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        if (dispute.phase != Phase.DRAW) return _requirePhase(disputeId, Phase.EVIDENCE);
        Round storage round = _current(disputeId, dispute);
        uint64 seedBlock = round.seedBlock;
        bool first = dispute.round == 1 && dispute.attempt == 1 && !round.reseeded;
        require(first && block.number < seedBlock, SeedIsDue(disputeId, seedBlock));
        VERIFIER_POOL.stopAwaiting(seedBlock);
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
        dispute.subjectId = SafeCast.toUint64(opened.subjectId);
        CourtTerms memory terms = CLERK.termsFor(found);
        _keep(dispute, terms);
        _emitOpened(disputeId, dispute, opened.claimHash);
        emit DisputeBonded(disputeId, terms);
        REGISTRY.lock(found.respondentId);
        if (opened.challengerId != 0) REGISTRY.lock(opened.challengerId);
    }

    function _emitOpened(uint256 disputeId, Dispute storage dispute, bytes32 claimHash) private {
        (, Kind account) = _subjectsOf(dispute.kind);
        emit DisputeOpened(
            disputeId,
            Accounts.encode(account, dispute.subjectId),
            dispute.challengerId,
            dispute.respondentId,
            dispute.kind,
            claimHash,
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
