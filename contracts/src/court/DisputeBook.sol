// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputable } from "../interfaces/IDisputable.sol";
import { Contribution, Court, CourtTerms, Dispute, IDisputes, Phase, Round, Seat } from "../interfaces/IDisputes.sol";
import { ICheckpoints } from "../interfaces/ICheckpoints.sol";
import { IReputation } from "../interfaces/IReputation.sol";
import { IVerifierPool } from "../interfaces/IVerifierPool.sol";
import { Accounts, Kind, Reasons } from "../libraries/Accounts.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { BehindDoor } from "../market/BehindDoor.sol";

/// @title What the court keeps, and who is who in it (see IDisputes).
/// @dev Panels fills it from the seed to the ruling, Disputes opens and ends, and Settlement, whose code stands at an address
///      of its own, pays: both have this storage and no other. A round is kept under `disputeId << 16 | round << 8 | attempt`.
abstract contract DisputeBook is BehindDoor {
    uint8 internal constant LAST_ROUND = 3;
    uint256 internal constant BPS = 10_000;
    /// @dev What a draw and a settlement pay their caller, of everything that the panel locks.
    uint256 internal constant KEEPER_FEE = 50;

    IVerifierPool internal immutable VERIFIER_POOL;
    IReputation internal immutable REPUTATION;
    ICheckpoints internal immutable CHECKPOINTS;
    address internal immutable TASK_MARKET;
    address internal immutable DATA_LEASES;
    address internal immutable REWARDS;
    address internal immutable BOUNTIES;

    uint256 internal _disputeCount;
    mapping(uint256 disputeId => Dispute) internal _disputes;
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

    /// @dev Where the subjects of a kind live, and the kind of their account.
    function _subjectsOf(uint8 kind) internal view returns (IDisputable, Kind) {
        require(kind >= 1 && kind <= 8, IDisputes.UnknownKind(kind));
        if (kind <= 4) return (IDisputable(TASK_MARKET), Kind.TASK);
        if (kind == 5) return (IDisputable(DATA_LEASES), Kind.LEASE);
        if (kind == 6) return (IDisputable(address(CHECKPOINTS)), Kind.CHECKPOINT);
        if (kind == 7) return (IDisputable(REWARDS), Kind.REWARD);
        return (IDisputable(BOUNTIES), Kind.BOUNTY);
    }

    /// @dev The wallet that a side's money comes home to.
    function _home(Dispute storage dispute, uint8 side) internal view returns (address) {
        if (side == Court.RESPONDENT) return REGISTRY.ownerOf(dispute.respondentId);
        uint256 challengerId = dispute.challengerId;
        return challengerId == 0 ? dispute.principal : REGISTRY.ownerOf(challengerId);
    }

    /// @dev A hot key may act for its agent, but not give its case away: that is for the owner, or the principal.
    function _requireOwner(uint256 disputeId, Dispute storage dispute, uint8 side)
        internal
        view
        returns (address home)
    {
        require(side == Court.CHALLENGER || side == Court.RESPONDENT, IDisputes.UnknownSide(side));
        home = _home(dispute, side);
        address caller = _msgSender();
        require(caller == home, IDisputes.NotParty(disputeId, side, caller));
    }

    /// @dev Everything that a side has put up: the first bond and its appeals.
    function _postedBy(Dispute storage dispute, uint8 side) internal view returns (uint128) {
        if (side == Court.RESPONDENT) return dispute.bond + dispute.appealedByRespondent;
        return dispute.kind == Court.BAD_RECEIPT ? 0 : dispute.bond + dispute.appealedByChallenger;
    }

    /// @dev What a dispute keeps of its terms.
    function _keep(Dispute storage dispute, CourtTerms memory terms) internal {
        dispute.principal = terms.principal;
        dispute.deterministic = terms.deterministic;
        dispute.strikes = terms.strikes;
        dispute.absentSlash = terms.absentSlash;
        dispute.incoherentSlash = terms.incoherentSlash;
        dispute.withdrawCut = terms.withdrawCut;
        dispute.pledge = terms.pledge;
        dispute.bond = terms.bond;
        dispute.maxSeat = terms.maxSeat;
        dispute.commitWindow = terms.commitWindow;
        dispute.revealWindow = terms.revealWindow;
        dispute.appealWindow = terms.appealWindow;
        dispute.drawWindow = terms.drawWindow;
    }

    function _requireSide(uint256 disputeId, uint8 side) internal view returns (address caller) {
        caller = _msgSender();
        require(side == Court.CHALLENGER || side == Court.RESPONDENT, IDisputes.UnknownSide(side));
        Dispute storage dispute = _disputes[disputeId];
        uint256 agentId = side == Court.RESPONDENT ? dispute.respondentId : dispute.challengerId;
        bool may = agentId == 0 ? caller == dispute.principal : REGISTRY.mayAct(agentId, caller);
        require(may, IDisputes.NotParty(disputeId, side, caller));
    }

    function _requirePhase(uint256 disputeId, Phase needed) internal view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        require(dispute.phase != Phase.NONE, IDisputes.UnknownDispute(disputeId));
        require(dispute.phase == needed, IDisputes.WrongPhase(disputeId, dispute.phase, needed));
    }

    function _key(uint256 disputeId, uint256 round, uint256 attempt) internal pure returns (uint256) {
        return (disputeId << 16) | (round << 8) | attempt;
    }

    function _account(uint256 disputeId) internal pure returns (bytes32) {
        return Accounts.dispute(disputeId);
    }

    function _current(uint256 disputeId, Dispute storage dispute) internal view returns (Round storage) {
        return _rounds[_key(disputeId, dispute.round, dispute.attempt)];
    }

    /// @dev J: n seats together lock no more than B_r, and every member of the pool can afford one.
    function _seatBond(Dispute storage dispute, uint8 number, uint16 seats) internal view returns (uint128 bond) {
        bond = _appealBond(dispute, number) / seats;
        uint128 most = dispute.maxSeat;
        if (bond > most) bond = most;
    }

    function _appealBond(Dispute storage dispute, uint8 number) internal view returns (uint128) {
        return dispute.bond << (number - 1);
    }

    /// @dev Of its own, so that what a seat locks stays its verifier's: its votes, its weight, its risk.
    function _seatAccount(uint256 disputeId, uint8 round, uint8 attempt, uint256 index)
        internal
        pure
        returns (bytes32)
    {
        return Accounts.seat(disputeId, round, attempt, uint16(index));
    }

    function _keeperFee(uint256 seatBond, uint256 seats) internal pure returns (uint256) {
        return seatBond * seats * KEEPER_FEE / BPS;
    }

    function _payKeeper(uint256 disputeId, address keeper, uint256 fee) internal {
        _move(_account(disputeId), Accounts.credit(keeper), disputeId, fee, Reasons.KEEPER_FEE);
    }
}
