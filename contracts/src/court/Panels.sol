// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { Contribution, Court, CourtTerms, Dispute, IDisputes, Phase, Round, Seat } from "../interfaces/IDisputes.sol";
import { Lot } from "../interfaces/IVerifierPool.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { SeedWindows } from "../libraries/SeedWindows.sol";
import { DisputeBook } from "./DisputeBook.sol";

/// @title From the evidence to a ruling: seeds, lots, votes and appeals (see IDisputes).
/// @dev Always holds: a panel is drawn once per attempt, from a block hash that nobody chose together with every secret
///      that was committed and revealed; a seat votes at most once, under its own commitment; an attempt rules with its
///      quorum or not at all.
abstract contract Panels is DisputeBook {
    uint256 internal constant SEED_DEPOSIT_PARTS = 4;

    /// @inheritdoc IDisputes
    function startRound(uint256 disputeId) external timeout {
        Dispute storage dispute = _requirePhase(disputeId, Phase.EVIDENCE);
        _requireFrom(dispute.evidenceEnd);
        _startAttempt(disputeId, dispute, 1, 1, 0);
    }

    /// @inheritdoc IDisputes
    function commitSeed(uint256 disputeId, uint8 side, bytes32 commitment) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        address caller = _requireSide(disputeId, side);
        uint64 seedBlock = _current(disputeId, dispute).seedBlock;
        require(block.number < seedBlock, OutsideBlocks(0, seedBlock, block.number));
        require(commitment != 0, ZeroCommitment());
        Contribution storage given = _contributions[disputeId][seedBlock][side];
        require(given.commitment == 0, AlreadyCommitted(disputeId, side));
        given.commitment = commitment;
        emit SeedCommitted(disputeId, dispute.round, dispute.attempt, _home(disputeId, side), commitment);
        _move(Accounts.credit(caller), _account(disputeId), disputeId, _seedDeposit(disputeId), Reasons.SEED_DEPOSIT);
    }

    /// @inheritdoc IDisputes
    function revealSeed(uint256 disputeId, uint8 side, bytes32 secret) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        _requireSide(disputeId, side);
        uint64 seedBlock = _current(disputeId, dispute).seedBlock;
        _requireBlocks(seedBlock + 1, seedBlock + SeedWindows.REVEAL + 1);
        Contribution storage given = _contributions[disputeId][seedBlock][side];
        bytes32 committed = given.commitment;
        require(committed != 0, NotCommitted(disputeId, side));
        require(!given.revealed, AlreadyRevealed(disputeId, side));
        bytes32 found = keccak256(abi.encode(secret));
        require(found == committed, WrongSecret(committed, found));
        given.secret = secret;
        given.revealed = true;
        address home = _home(disputeId, side);
        emit SeedRevealed(disputeId, dispute.round, dispute.attempt, home, secret);
        _move(_account(disputeId), Accounts.credit(home), disputeId, _seedDeposit(disputeId), Reasons.SEED_RETURN);
    }

    /// @inheritdoc IDisputes
    function draw(uint256 disputeId) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        Round storage round = _current(disputeId, dispute);
        _requireBefore(round.drawBy);
        uint64 seedBlock = round.seedBlock;
        uint256 from = seedBlock + 1 + (_allRevealed(disputeId, seedBlock) ? 0 : SeedWindows.REVEAL);
        _requireBlocks(from, SeedWindows.end(seedBlock));
        bytes32 hash = blockhash(seedBlock);
        require(hash != 0, SeedHashGone(seedBlock));
        bytes32 seed = keccak256(
            abi.encode(
                hash,
                disputeId,
                dispute.round,
                dispute.attempt,
                _contributions[disputeId][seedBlock][Court.CHALLENGER].secret,
                _contributions[disputeId][seedBlock][Court.RESPONDENT].secret
            )
        );
        _stopAwaiting(disputeId, seedBlock);
        uint256[] memory verifierIds = VERIFIER_POOL.draw(
            seed,
            Lot(
                round.panelSize, round.seatBond, dispute.challengerId, dispute.respondentId, _terms[disputeId].principal
            )
        );
        if (verifierIds.length < round.quorum) _failAttempt(disputeId, dispute, round, Court.NO_PANEL);
        else _seat(disputeId, dispute, round, seed, verifierIds);
    }

    /// @inheritdoc IDisputes
    function reseed(uint256 disputeId) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        Round storage round = _current(disputeId, dispute);
        _requireBefore(round.drawBy);
        _requireBlocks(SeedWindows.end(round.seedBlock), type(uint256).max);
        _stopAwaiting(disputeId, round.seedBlock);
        round.seedBlock = VERIFIER_POOL.awaitSeed();
        _emitStarted(disputeId, dispute, round);
    }

    /// @inheritdoc IDisputes
    function commitVote(uint256 disputeId, uint256 verifierId, bytes32 commitment) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.VOTING);
        Seat storage seat = _requireSeat(disputeId, dispute, verifierId);
        _requireBefore(_current(disputeId, dispute).commitEnd);
        require(commitment != 0, ZeroCommitment());
        require(seat.commitment == 0, AlreadyCommitted(disputeId, verifierId));
        seat.commitment = commitment;
        emit VoteCommitted(disputeId, dispute.round, dispute.attempt, verifierId, commitment);
    }

    /// @inheritdoc IDisputes
    function revealVote(uint256 disputeId, uint256 verifierId, uint8 choice, bytes32 salt, bytes32 justificationHash)
        external
    {
        Dispute storage dispute = _requirePhase(disputeId, Phase.VOTING);
        Seat storage seat = _requireSeat(disputeId, dispute, verifierId);
        Round storage round = _current(disputeId, dispute);
        _requireFrom(round.commitEnd);
        _requireBefore(_revealEnd(round));
        require(choice >= Court.REJECT && choice <= Court.SPLIT, UnknownChoice(choice));
        bytes32 committed = seat.commitment;
        require(committed != 0, NotCommitted(disputeId, verifierId));
        require(seat.choice == 0, AlreadyRevealed(disputeId, verifierId));
        bytes32 found = voteCommitmentOf(disputeId, dispute.round, dispute.attempt, verifierId, choice, salt);
        require(found == committed, WrongSecret(committed, found));
        seat.choice = choice;
        ++round.reveals;
        emit VoteRevealed(disputeId, dispute.round, dispute.attempt, verifierId, choice, justificationHash);
        VERIFIER_POOL.touch(verifierId);
    }

    /// @inheritdoc IDisputes
    function resolveRound(uint256 disputeId) external timeout {
        Dispute storage dispute = _disputes[disputeId];
        Round storage round = _current(disputeId, dispute);
        if (dispute.phase == Phase.DRAW) {
            _requireFrom(round.drawBy);
            _stopAwaiting(disputeId, round.seedBlock);
            _failAttempt(disputeId, dispute, round, Court.NO_PANEL);
            return;
        }
        _requirePhase(disputeId, Phase.VOTING);
        Seat[] storage seats = _seats[_key(disputeId, dispute.round, dispute.attempt)];
        if (round.reveals < seats.length) _requireFrom(_revealEnd(round));
        if (round.reveals < round.quorum) {
            _failAttempt(disputeId, dispute, round, Court.NO_QUORUM);
        } else {
            uint8 ruling = _count(seats, round.reveals);
            uint8 outcome = ruling == 0 ? Court.TIE : Court.MAJORITY;
            _decide(disputeId, dispute, round, ruling == 0 ? Court.SPLIT : ruling, outcome);
        }
    }

    /// @inheritdoc IDisputes
    function appeal(uint256 disputeId, uint8 side) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.APPEAL);
        address caller = _requireSide(disputeId, side);
        uint8 ruling = dispute.ruling;
        // Ruling 1 went against the challenger (side 1), ruling 2 against the respondent (side 2).
        require(ruling == Court.SPLIT || ruling == side, NothingToAppeal(disputeId, side, ruling));
        uint8 next = dispute.round + 1;
        require(next <= LAST_ROUND, LastRound(disputeId, dispute.round));
        _requireBefore(dispute.appealEnd);
        uint128 bond = _appealBond(disputeId, next);
        _post(dispute, side, bond);
        _startAttempt(disputeId, dispute, next, 1, side);
        _move(Accounts.credit(caller), _account(disputeId), disputeId, bond, Reasons.APPEAL_BOND);
    }

    function _startAttempt(uint256 disputeId, Dispute storage dispute, uint8 number, uint8 attempt, uint8 appellant)
        private
    {
        dispute.phase = Phase.DRAW;
        dispute.round = number;
        dispute.attempt = attempt;
        Round storage round = _current(disputeId, dispute);
        _size(disputeId, number, round);
        round.appellant = appellant;
        round.drawBy = _now() + _terms[disputeId].drawWindow;
        round.seedBlock = VERIFIER_POOL.awaitSeed();
        _emitStarted(disputeId, dispute, round);
    }

    /// @dev J = ceil(B_r / n) between the smallest and the largest seat, so that every member can afford it.
    function _size(uint256 disputeId, uint8 number, Round storage round) internal {
        CourtTerms storage terms = _terms[disputeId];
        uint256 rung = uint256(terms.strikes) + number - 1;
        uint16 seats = rung == 0 ? 3 : rung == 1 ? 7 : 15;
        round.panelSize = seats;
        round.quorum = seats / 2 + 1;
        uint128 bond = (_appealBond(disputeId, number) + seats - 1) / seats;
        if (bond < terms.minSeat) bond = terms.minSeat;
        if (bond > terms.maxSeat) bond = terms.maxSeat;
        round.seatBond = bond;
    }

    function _seat(
        uint256 disputeId,
        Dispute storage dispute,
        Round storage round,
        bytes32 seed,
        uint256[] memory verifierIds
    ) private {
        CourtTerms storage terms = _terms[disputeId];
        dispute.phase = Phase.VOTING;
        round.seed = seed;
        round.commitEnd = _now() + terms.commitWindow;
        round.revealEnd = round.commitEnd + terms.revealWindow;
        emit PanelDrawn(disputeId, dispute.round, dispute.attempt, seed, verifierIds, round.commitEnd, round.revealEnd);
        Seat[] storage seats = _seats[_key(disputeId, dispute.round, dispute.attempt)];
        uint256 bond = round.seatBond;
        for (uint16 i; i < verifierIds.length; ++i) {
            uint256 verifierId = verifierIds[i];
            seats.push(Seat(uint64(verifierId), 0, 0));
            ++_openSeats[verifierId];
            bytes32 account = Accounts.seat(disputeId, dispute.round, dispute.attempt, i);
            _move(Accounts.stake(verifierId), account, disputeId, bond, Reasons.SEAT_LOCK);
        }
    }

    /// @dev The choice that more than half of the revealed votes share; 0 = none.
    function _count(Seat[] storage seats, uint256 reveals) private view returns (uint8) {
        uint256[4] memory votes;
        for (uint256 i; i < seats.length; ++i) {
            ++votes[seats[i].choice];
        }
        for (uint8 choice = Court.REJECT; choice <= Court.SPLIT; ++choice) {
            if (2 * votes[choice] > reveals) return choice;
        }
        return 0;
    }

    function _decide(uint256 disputeId, Dispute storage dispute, Round storage round, uint8 ruling, uint8 outcome)
        private
    {
        dispute.ruling = ruling;
        dispute.outcome = outcome;
        round.ruling = ruling;
        _closeRound(disputeId, dispute, round, ruling, outcome);
    }

    /// @dev No quorum or no panel: once more; then a split, or in a later round the ruling that was appealed stands.
    function _failAttempt(uint256 disputeId, Dispute storage dispute, Round storage round, uint8 outcome) private {
        if (dispute.attempt < LAST_ATTEMPT) {
            round.outcome = outcome;
            emit RoundResolved(disputeId, dispute.round, dispute.attempt, 0, outcome, 0);
            _startAttempt(disputeId, dispute, dispute.round, dispute.attempt + 1, round.appellant);
        } else if (dispute.round == 1) {
            _decide(disputeId, dispute, round, Court.SPLIT, outcome);
        } else {
            uint8 side = round.appellant;
            uint128 bond = _appealBond(disputeId, dispute.round);
            _unpost(dispute, side, bond);
            _closeRound(disputeId, dispute, round, 0, outcome);
            bytes32 home = Accounts.credit(_home(disputeId, side));
            _move(_account(disputeId), home, disputeId, bond, Reasons.BOND_RETURN);
        }
    }

    function _closeRound(uint256 disputeId, Dispute storage dispute, Round storage round, uint8 ruling, uint8 outcome)
        private
    {
        round.outcome = outcome;
        dispute.phase = Phase.APPEAL;
        dispute.appealEnd = dispute.round < LAST_ROUND ? _now() + _terms[disputeId].appealWindow : _now();
        emit RoundResolved(disputeId, dispute.round, dispute.attempt, ruling, outcome, dispute.appealEnd);
    }

    /// @dev A deposit whose secret could still be revealed goes home; a withheld one burns.
    function _stopAwaiting(uint256 disputeId, uint64 seedBlock) internal {
        VERIFIER_POOL.stopAwaiting(seedBlock);
        bool forgiven = block.number <= seedBlock + SeedWindows.REVEAL;
        for (uint8 side = Court.CHALLENGER; side <= Court.RESPONDENT; ++side) {
            Contribution storage given = _contributions[disputeId][seedBlock][side];
            if (given.commitment == 0 || given.revealed) continue;
            bytes32 to = forgiven ? Accounts.credit(_home(disputeId, side)) : Accounts.BURN;
            uint8 reason = forgiven ? Reasons.SEED_RETURN : Reasons.SEED_BURN;
            _move(_account(disputeId), to, disputeId, _seedDeposit(disputeId), reason);
        }
    }

    function _emitStarted(uint256 disputeId, Dispute storage dispute, Round storage round) private {
        uint256 appellantId = round.appellant == 0
            ? 0
            : round.appellant == Court.RESPONDENT ? dispute.respondentId : dispute.challengerId;
        emit RoundStarted(
            disputeId,
            dispute.round,
            dispute.attempt,
            appellantId,
            round.panelSize,
            round.quorum,
            round.seedBlock,
            round.drawBy
        );
    }

    function _post(Dispute storage dispute, uint8 side, uint128 bond) internal {
        if (side == Court.RESPONDENT) dispute.postedByRespondent += bond;
        else dispute.postedByChallenger += bond;
    }

    function _unpost(Dispute storage dispute, uint8 side, uint128 bond) internal {
        if (side == Court.RESPONDENT) dispute.postedByRespondent -= bond;
        else dispute.postedByChallenger -= bond;
    }

    function _current(uint256 disputeId, Dispute storage dispute) internal view returns (Round storage) {
        return _rounds[_key(disputeId, dispute.round, dispute.attempt)];
    }

    function _requireSeat(uint256 disputeId, Dispute storage dispute, uint256 verifierId)
        private
        view
        returns (Seat storage)
    {
        address caller = _msgSender();
        Seat[] storage seats = _seats[_key(disputeId, dispute.round, dispute.attempt)];
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].verifierId != verifierId) continue;
            // A paused verifier still votes: pausing is no way out of a seat, nor a trap.
            require(REGISTRY.mayAct(verifierId, caller), IAgentRegistry.NotAgent(verifierId, caller));
            return seats[i];
        }
        revert NotOnPanel(disputeId, verifierId);
    }

    /// @dev When the breaker moved the end of committing, revealing has its whole window after it.
    function _revealEnd(Round storage round) internal view returns (uint64) {
        uint64 window = round.revealEnd - round.commitEnd;
        uint64 moved = BREAKER.shifted(SCOPE, round.commitEnd) + window;
        return moved > round.revealEnd ? moved : round.revealEnd;
    }

    function _allRevealed(uint256 disputeId, uint64 seedBlock) private view returns (bool) {
        for (uint8 side = Court.CHALLENGER; side <= Court.RESPONDENT; ++side) {
            Contribution storage given = _contributions[disputeId][seedBlock][side];
            if (given.commitment != 0 && !given.revealed) return false;
        }
        return true;
    }

    function _requireBlocks(uint256 from, uint256 until) private view {
        require(block.number >= from && block.number < until, OutsideBlocks(from, until, block.number));
    }

    function _seedDeposit(uint256 disputeId) internal view returns (uint256) {
        return (_terms[disputeId].bond + SEED_DEPOSIT_PARTS - 1) / SEED_DEPOSIT_PARTS;
    }

    function _appealBond(uint256 disputeId, uint8 round) internal view returns (uint128) {
        return _terms[disputeId].bond << (round - 1);
    }
}
