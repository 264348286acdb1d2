// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { Contribution, Court, Dispute, IDisputes, Phase, Round, Seat } from "../interfaces/IDisputes.sol";
import { Lot } from "../interfaces/IVerifierPool.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { SeedWindows } from "../libraries/SeedWindows.sol";
import { DisputeBook } from "./DisputeBook.sol";

/// @title From the evidence to a ruling: seeds, lots, votes and appeals (see IDisputes).
/// @dev Always holds: a panel is drawn once per attempt and is full; its seats lock no more than what was put up for its
///      round; an attempt rules with its quorum or not at all, and whoever is missing never decides anything. Its seed is a
///      block hash that nobody chose together with every secret that was committed: a withheld one loses the case. So
///      whoever can foresee a panel cannot avoid it.
abstract contract Panels is IDisputes, DisputeBook {
    uint16 internal constant SMALLEST_PANEL = 3;
    uint16 internal constant MIDDLE_PANEL = 7;
    uint16 internal constant LARGEST_PANEL = 15;
    /// @dev Attempts beyond it are held under its number.
    uint8 internal constant LAST_ATTEMPT = type(uint8).max;

    /// @inheritdoc IDisputes
    function startRound(uint256 disputeId) external timeout {
        Dispute storage dispute = _requirePhase(disputeId, Phase.EVIDENCE);
        _requireFrom(dispute.evidenceEnd);
        _startAttempt(disputeId, dispute, 1, 1, 0, _rung(dispute, 1));
    }

    /// @inheritdoc IDisputes
    function commitSeed(uint256 disputeId, uint8 side, bytes32 commitment) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        address home = _requireOwner(disputeId, dispute, side);
        uint64 seedBlock = _current(disputeId, dispute).seedBlock;
        require(block.number < seedBlock, OutsideBlocks(0, seedBlock, block.number));
        require(commitment != 0, ZeroCommitment());
        Contribution storage given = _contribution(disputeId, dispute, seedBlock, side);
        require(given.commitment == 0, AlreadyCommitted(disputeId, side));
        given.commitment = commitment;
        emit SeedCommitted(disputeId, dispute.round, dispute.attempt, home, commitment);
    }

    /// @inheritdoc IDisputes
    function revealSeed(uint256 disputeId, uint8 side, bytes32 secret) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        uint64 seedBlock = _current(disputeId, dispute).seedBlock;
        _requireBlocks(seedBlock + 1, seedBlock + SeedWindows.REVEAL + 1);
        Contribution storage given = _contribution(disputeId, dispute, seedBlock, side);
        bytes32 committed = given.commitment;
        require(committed != 0, NotCommitted(disputeId, side));
        require(!given.revealed, AlreadyRevealed(disputeId, side));
        bytes32 found = keccak256(abi.encode(secret));
        require(found == committed, WrongSecret(committed, found));
        given.secret = secret;
        given.revealed = true;
        emit SeedRevealed(disputeId, dispute.round, dispute.attempt, _home(dispute, side), secret);
    }

    /// @inheritdoc IDisputes
    function draw(uint256 disputeId) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        Round storage round = _current(disputeId, dispute);
        uint64 seedBlock = round.seedBlock;
        uint8 withheld = _withheld(disputeId, dispute, seedBlock);
        _requireBlocks(seedBlock + 1 + (withheld == 0 ? 0 : SeedWindows.REVEAL), SeedWindows.end(seedBlock));
        if (withheld != 0) return _forfeit(disputeId, seedBlock, withheld);
        bytes32 seed = _seed(disputeId, dispute, seedBlock);
        uint128 seatBond = _seatBond(dispute, dispute.round, round.panelSize);
        uint256[] memory verifierIds = VERIFIER_POOL.draw(
            seed, Lot(round.panelSize, seatBond, dispute.challengerId, dispute.respondentId, dispute.principal)
        );
        if (verifierIds.length < round.panelSize) return _awaitLaterSeed(disputeId, dispute, round);
        VERIFIER_POOL.stopAwaiting(seedBlock);
        round.seatBond = seatBond;
        _seat(disputeId, dispute, round, seed, verifierIds);
        _payKeeper(disputeId, _msgSender(), _keeperFee(seatBond, round.panelSize));
    }

    /// @inheritdoc IDisputes
    function reseed(uint256 disputeId) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.DRAW);
        Round storage round = _current(disputeId, dispute);
        // The smallest panel is waited for as long as it takes: the dispute is held, and nobody gains by that.
        if (round.panelSize > SMALLEST_PANEL) _requireBefore(round.drawBy);
        uint64 seedBlock = round.seedBlock;
        _requireBlocks(SeedWindows.end(seedBlock), type(uint256).max);
        uint8 withheld = _withheld(disputeId, dispute, seedBlock);
        if (withheld != 0) _forfeit(disputeId, seedBlock, withheld);
        else _awaitLaterSeed(disputeId, dispute, round);
    }

    /// @inheritdoc IDisputes
    function commitVote(uint256 disputeId, uint256 verifierId, bytes32 commitment) external {
        Dispute storage dispute = _requirePhase(disputeId, Phase.VOTING);
        Seat storage seat = _requireSeat(disputeId, dispute, verifierId);
        _requireBefore(_current(disputeId, dispute).commitEnd);
        require(bytes23(commitment) != 0, ZeroCommitment());
        require(seat.commitment == 0, AlreadyCommitted(disputeId, verifierId));
        seat.commitment = bytes23(commitment);
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
        bytes23 committed = seat.commitment;
        require(committed != 0, NotCommitted(disputeId, verifierId));
        require(seat.choice == 0, AlreadyRevealed(disputeId, verifierId));
        bytes32 found = voteCommitmentOf(disputeId, dispute.round, dispute.attempt, verifierId, choice, salt);
        require(bytes23(found) == committed, WrongSecret(committed, found));
        seat.choice = choice;
        ++round.reveals;
        emit VoteRevealed(disputeId, dispute.round, dispute.attempt, verifierId, choice, justificationHash);
        VERIFIER_POOL.touch(verifierId);
    }

    /// @inheritdoc IDisputes
    function resolveRound(uint256 disputeId) external timeout {
        Dispute storage dispute = _disputes[disputeId];
        if (dispute.phase == Phase.DRAW) return _shrink(disputeId, dispute);
        _requirePhase(disputeId, Phase.VOTING);
        Round storage round = _current(disputeId, dispute);
        Seat[] storage seats = _seats[_key(disputeId, dispute.round, dispute.attempt)];
        if (round.reveals < seats.length) _requireFrom(_revealEnd(round));
        if (round.reveals < round.quorum) {
            _endAttempt(disputeId, dispute, round, Court.NO_QUORUM);
            _settleAttempt(disputeId);
            _retry(disputeId, dispute, round.appellant, _seatable(round.panelSize));
        } else {
            _decide(disputeId, dispute, round, _count(seats, round.reveals));
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
        uint128 bond = _appealBond(dispute, next);
        _post(dispute, side, bond);
        _startAttempt(disputeId, dispute, next, 1, side, _rung(dispute, next));
        _move(Accounts.credit(caller), _account(disputeId), disputeId, bond, Reasons.APPEAL_BOND);
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

    /// @dev Pays everybody; see Settlement.
    function _conclude(uint256 disputeId, uint8 ruling, uint8 cause) internal virtual;

    /// @dev Slashes whoever was absent from an attempt without quorum and lets all its seats go; see Settlement.
    function _settleAttempt(uint256 disputeId) internal virtual;

    function _startAttempt(
        uint256 disputeId,
        Dispute storage dispute,
        uint8 number,
        uint8 attempt,
        uint8 appellant,
        uint16 panelSize
    ) private {
        Round storage round = _begin(disputeId, dispute, number, attempt, appellant, panelSize);
        round.drawBy = _now() + dispute.drawWindow;
        round.seedBlock = VERIFIER_POOL.awaitSeed();
        _emitStarted(disputeId, dispute, round);
    }

    function _retry(uint256 disputeId, Dispute storage dispute, uint8 appellant, uint16 panelSize) private {
        uint8 attempt = dispute.attempt;
        uint8 next = attempt == LAST_ATTEMPT ? attempt : attempt + 1;
        _startAttempt(disputeId, dispute, dispute.round, next, appellant, panelSize);
    }

    /// @dev Writes a new attempt. The last number is used again and again: then its seats are let go first.
    function _begin(
        uint256 disputeId,
        Dispute storage dispute,
        uint8 number,
        uint8 attempt,
        uint8 appellant,
        uint16 panelSize
    ) internal returns (Round storage round) {
        bool same = dispute.round == number;
        uint8 previous = same ? _current(disputeId, dispute).previous : dispute.attempt;
        if (same && dispute.attempt == attempt) {
            uint256 key = _key(disputeId, number, attempt);
            delete _rounds[key];
            delete _seats[key];
        }
        dispute.phase = Phase.DRAW;
        dispute.round = number;
        dispute.attempt = attempt;
        round = _current(disputeId, dispute);
        round.panelSize = panelSize;
        round.quorum = panelSize / 2 + 1;
        round.appellant = appellant;
        round.previous = previous;
    }

    /// @dev The ladder: strikes and rounds climb it, as far as the pool has members.
    function _rung(Dispute storage dispute, uint8 number) private view returns (uint16) {
        uint256 rung = uint256(dispute.strikes) + number - 1;
        return _seatable(rung == 0 ? SMALLEST_PANEL : rung == 1 ? MIDDLE_PANEL : LARGEST_PANEL);
    }

    function _seatable(uint16 panelSize) private view returns (uint16) {
        if (panelSize == SMALLEST_PANEL) return panelSize;
        uint256 members = VERIFIER_POOL.memberCount();
        // Half of 15 is 7, and half of 7 is 3.
        while (panelSize > SMALLEST_PANEL && panelSize > members) panelSize /= 2;
        return panelSize;
    }

    /// @dev No panel until drawBy: a smaller one has a better chance. A seed that is known is drawn or goes by first.
    function _shrink(uint256 disputeId, Dispute storage dispute) private {
        Round storage round = _current(disputeId, dispute);
        require(round.panelSize > SMALLEST_PANEL, DisputeHeld(disputeId));
        _requireFrom(round.drawBy);
        uint64 seedBlock = round.seedBlock;
        if (block.number >= seedBlock) {
            _requireBlocks(SeedWindows.end(seedBlock), type(uint256).max);
            uint8 withheld = _withheld(disputeId, dispute, seedBlock);
            if (withheld != 0) return _forfeit(disputeId, seedBlock, withheld);
        }
        VERIFIER_POOL.stopAwaiting(seedBlock);
        _endAttempt(disputeId, dispute, round, Court.NO_PANEL);
        _retry(disputeId, dispute, round.appellant, round.panelSize / 2);
    }

    function _endAttempt(uint256 disputeId, Dispute storage dispute, Round storage round, uint8 outcome) private {
        round.outcome = outcome;
        emit RoundResolved(disputeId, dispute.round, dispute.attempt, 0, outcome, 0);
    }

    /// @dev A side that did not reveal until its time was over has lost: ruling 1 is against side 1, ruling 2 against side 2.
    function _forfeit(uint256 disputeId, uint64 seedBlock, uint8 withheld) private {
        VERIFIER_POOL.stopAwaiting(seedBlock);
        bool both = withheld == Court.CHALLENGER + Court.RESPONDENT;
        _conclude(disputeId, both ? Court.UPHOLD : withheld, both ? Court.ABANDONED : Court.FORFEITED);
    }

    function _awaitLaterSeed(uint256 disputeId, Dispute storage dispute, Round storage round) private {
        VERIFIER_POOL.stopAwaiting(round.seedBlock);
        round.seedBlock = VERIFIER_POOL.awaitSeed();
        round.reseeded = true;
        _emitStarted(disputeId, dispute, round);
    }

    function _seed(uint256 disputeId, Dispute storage dispute, uint64 seedBlock) private view returns (bytes32) {
        bytes32 hash = blockhash(seedBlock);
        require(hash != 0, SeedHashGone(seedBlock));
        return keccak256(
            abi.encode(
                hash,
                disputeId,
                dispute.round,
                dispute.attempt,
                _contribution(disputeId, dispute, seedBlock, Court.CHALLENGER).secret,
                _contribution(disputeId, dispute, seedBlock, Court.RESPONDENT).secret
            )
        );
    }

    function _seat(
        uint256 disputeId,
        Dispute storage dispute,
        Round storage round,
        bytes32 seed,
        uint256[] memory verifierIds
    ) private {
        dispute.phase = Phase.VOTING;
        round.commitEnd = _now() + dispute.commitWindow;
        round.revealEnd = round.commitEnd + dispute.revealWindow;
        emit PanelDrawn(disputeId, dispute.round, dispute.attempt, seed, verifierIds, round.commitEnd, round.revealEnd);
        Seat[] storage seats = _seats[_key(disputeId, dispute.round, dispute.attempt)];
        (uint8 number, uint8 attempt) = (dispute.round, dispute.attempt);
        uint256 bond = round.seatBond;
        for (uint256 i; i < verifierIds.length; ++i) {
            uint256 verifierId = verifierIds[i];
            seats.push().verifierId = uint64(verifierId);
            ++_openSeats[verifierId];
            bytes32 account = _seatAccount(disputeId, number, attempt, i);
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

    /// @dev Half of the votes or less for every choice: a tie, which splits.
    function _decide(uint256 disputeId, Dispute storage dispute, Round storage round, uint8 majority) private {
        uint8 ruling = majority == 0 ? Court.SPLIT : majority;
        uint8 outcome = majority == 0 ? Court.TIE : Court.MAJORITY;
        uint64 appealEnd = dispute.round < LAST_ROUND ? _now() + dispute.appealWindow : _now();
        dispute.ruling = ruling;
        dispute.outcome = outcome;
        dispute.phase = Phase.APPEAL;
        dispute.appealEnd = appealEnd;
        round.ruling = ruling;
        round.outcome = outcome;
        emit RoundResolved(disputeId, dispute.round, dispute.attempt, ruling, outcome, appealEnd);
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
        if (side == Court.RESPONDENT) dispute.appealedByRespondent += bond;
        else dispute.appealedByChallenger += bond;
    }

    /// @dev Two attempts may wait for the same block: a contribution belongs to its attempt.
    function _contribution(uint256 disputeId, Dispute storage dispute, uint64 seedBlock, uint8 side)
        internal
        view
        returns (Contribution storage)
    {
        return _contributions[_key(disputeId, dispute.round, dispute.attempt)][seedBlock][side];
    }

    /// @dev Who committed and has not revealed: 0 nobody, 1 the challenger, 2 the respondent, 3 both.
    function _withheld(uint256 disputeId, Dispute storage dispute, uint64 seedBlock)
        private
        view
        returns (uint8 sides)
    {
        for (uint8 side = Court.CHALLENGER; side <= Court.RESPONDENT; ++side) {
            Contribution storage given = _contribution(disputeId, dispute, seedBlock, side);
            if (given.commitment != 0 && !given.revealed) sides += side;
        }
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

    function _requireBlocks(uint256 from, uint256 until) private view {
        require(block.number >= from && block.number < until, OutsideBlocks(from, until, block.number));
    }
}
