// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputable } from "../interfaces/IDisputable.sol";
import { Contribution, Court, CourtTerms, Dispute, IDisputes, Phase, Round, Seat } from "../interfaces/IDisputes.sol";
import { ICheckpoints } from "../interfaces/ICheckpoints.sol";
import { IReputation } from "../interfaces/IReputation.sol";
import { IVerifierPool } from "../interfaces/IVerifierPool.sol";
import { Accounts, Kind } from "../libraries/Accounts.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { BehindDoor } from "../market/BehindDoor.sol";

/// @title What the court keeps, and who is who in it (see IDisputes).
/// @dev Panels fills it from the seed to the ruling, Disputes opens and settles. A round is kept under
///      `disputeId << 16 | round << 8 | attempt`.
abstract contract DisputeBook is IDisputes, BehindDoor {
    uint8 internal constant LAST_ROUND = 3;
    uint8 internal constant LAST_ATTEMPT = 2;
    uint256 internal constant BPS = 10_000;

    IVerifierPool internal immutable VERIFIER_POOL;
    IReputation internal immutable REPUTATION;
    ICheckpoints internal immutable CHECKPOINTS;
    address internal immutable TASK_MARKET;
    address internal immutable DATA_LEASES;
    address internal immutable REWARDS;
    address internal immutable BOUNTIES;

    uint256 internal _disputeCount;
    mapping(uint256 disputeId => Dispute) internal _disputes;
    mapping(uint256 disputeId => CourtTerms) internal _terms;
    mapping(uint256 roundKey => Round) internal _rounds;
    mapping(uint256 roundKey => Seat[]) internal _seats;
    mapping(uint256 roundKey => mapping(uint64 seedBlock => mapping(uint8 side => Contribution))) internal
        _contributions;
    mapping(uint256 verifierId => uint256) internal _openSeats;

    constructor(Wiring memory wiring) BehindDoor(wiring, "disputes") {
        VERIFIER_POOL = IVerifierPool(wiring.verifierPool);
        REPUTATION = IReputation(wiring.reputation);
        CHECKPOINTS = ICheckpoints(wiring.checkpoints);
        TASK_MARKET = wiring.taskMarket;
        DATA_LEASES = wiring.dataLeases;
        REWARDS = wiring.rewards;
        BOUNTIES = wiring.bounties;
    }

    /// @inheritdoc IDisputes
    function disputeOf(uint256 disputeId) external view returns (Dispute memory) {
        return _disputes[disputeId];
    }

    /// @inheritdoc IDisputes
    function termsOf(uint256 disputeId) external view returns (CourtTerms memory) {
        return _terms[disputeId];
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

    /// @inheritdoc IDisputes
    function voteCommitmentOf(
        uint256 disputeId,
        uint8 round,
        uint8 attempt,
        uint256 verifierId,
        uint8 choice,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), disputeId, round, attempt, verifierId, choice, salt));
    }

    /// @dev Where the subjects of a kind live, and the kind of their account.
    function _subjectsOf(uint8 kind) internal view returns (IDisputable, Kind) {
        require(kind >= 1 && kind <= 8, UnknownKind(kind));
        if (kind <= 4) return (IDisputable(TASK_MARKET), Kind.TASK);
        if (kind == 5) return (IDisputable(DATA_LEASES), Kind.LEASE);
        if (kind == 6) return (IDisputable(address(CHECKPOINTS)), Kind.CHECKPOINT);
        if (kind == 7) return (IDisputable(REWARDS), Kind.REWARD);
        return (IDisputable(BOUNTIES), Kind.BOUNTY);
    }

    /// @dev The wallet that a side's money comes home to.
    function _home(uint256 disputeId, uint8 side) internal view returns (address) {
        Dispute storage dispute = _disputes[disputeId];
        if (side == Court.RESPONDENT) return REGISTRY.ownerOf(dispute.respondentId);
        uint256 challengerId = dispute.challengerId;
        return challengerId == 0 ? _terms[disputeId].principal : REGISTRY.ownerOf(challengerId);
    }

    function _requireSide(uint256 disputeId, uint8 side) internal view returns (address caller) {
        caller = _msgSender();
        require(side == Court.CHALLENGER || side == Court.RESPONDENT, UnknownSide(side));
        Dispute storage dispute = _disputes[disputeId];
        uint256 agentId = side == Court.RESPONDENT ? dispute.respondentId : dispute.challengerId;
        bool may = agentId == 0 ? caller == _terms[disputeId].principal : REGISTRY.mayAct(agentId, caller);
        require(may, NotParty(disputeId, side, caller));
    }

    function _requirePhase(uint256 disputeId, Phase needed) internal view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        require(dispute.phase != Phase.NONE, UnknownDispute(disputeId));
        require(dispute.phase == needed, WrongPhase(disputeId, dispute.phase, needed));
    }

    function _key(uint256 disputeId, uint256 round, uint256 attempt) internal pure returns (uint256) {
        return (disputeId << 16) | (round << 8) | attempt;
    }

    function _account(uint256 disputeId) internal pure returns (bytes32) {
        return Accounts.dispute(disputeId);
    }
}
