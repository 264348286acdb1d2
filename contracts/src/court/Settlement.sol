// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, Dispute, IDisputes, Phase, Round, Seat } from "../interfaces/IDisputes.sol";
import { IDisputable } from "../interfaces/IDisputable.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Causes, Domains } from "../libraries/Domains.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { DisputeBook } from "./DisputeBook.sol";

/// @title The one settlement that sums to zero (see IDisputes and economics, section 4).
/// @dev Enters: a ruling and its cause. Leaves: every bond and every seat paid out, the account empty, scores counted, the
///      subject told. At most 45 seats, in one call, without a callback to strangers: an attempt without quorum was settled
///      when it failed. What keepers were paid before is what the account is short of.
///      Disputes has no room for this code: it creates it and runs it on its own storage (delegatecall). Called by anybody
///      else it finds its own storage, which is empty, and no sibling listens to it.
contract Settlement is DisputeBook {
    /// @dev What the seats bring: S, and who shares in it. Ruling 0: no majority stands behind it. `scored`: whether to vote
    ///      was to rule, so that it counts for the name.
    struct Tally {
        uint256 slashed;
        uint256 honest;
        uint256[] honestIds;
        uint8 ruling;
        bool scored;
        uint256 seatBond;
    }

    uint256 internal constant MOST_SEATS = 45;
    uint256 internal constant LARGEST_PANEL = 15;
    uint256 internal constant SPLIT_CUT = 2_000;

    constructor(Wiring memory wiring) DisputeBook(wiring) { }

    /// @notice Ends a dispute and pays everybody; whoever ended it by a draw or a settlement has a fee.
    function conclude(uint256 disputeId, uint8 ruling, uint8 cause, address keeper) external {
        Dispute storage dispute = _requireOpen(disputeId);
        dispute.phase = Phase.SETTLED;
        dispute.ruling = ruling;
        dispute.cause = cause;
        emit IDisputes.DisputeSettled(disputeId, ruling, cause);

        // Withdrawn, conceded or proven: a party did it, for itself.
        if (cause == Court.RULED || cause >= Court.FORFEITED) _paySettler(disputeId, dispute, keeper);
        Tally memory tally = _releaseSeats(disputeId, dispute, cause == Court.RULED ? ruling : 0);
        if (ruling == Court.UPHOLD && dispute.kind == Court.WRONG_CHECKPOINT) {
            tally.slashed += CHECKPOINTS.forfeitSigners(dispute.subjectId, disputeId);
        }
        uint256 restored;
        if (cause == Court.WITHDRAWN) restored = _payWithdrawal(disputeId, dispute);
        else if (cause == Court.ABANDONED) _payHonest(disputeId, tally, _pot(dispute, tally, true, true) * 4 / 10);
        else if (ruling == Court.SPLIT) _paySplit(disputeId, dispute, tally);
        else restored = _payWinner(disputeId, dispute, tally, ruling);
        _move(_account(disputeId), Accounts.BURN, disputeId, VAULT.balanceOf(_account(disputeId)), Reasons.SLASH_BURN);

        _score(disputeId, dispute, ruling, cause);
        REGISTRY.unlock(dispute.respondentId);
        if (dispute.challengerId != 0) REGISTRY.unlock(dispute.challengerId);
        (IDisputable subjects,) = _subjectsOf(dispute.kind);
        // A challenger that withheld its secret has lost, but nobody has judged: the subject's kind stays open to others.
        if (cause == Court.FORFEITED && ruling == Court.REJECT) cause = Court.WITHDRAWN;
        subjects.rule(dispute.subjectId, dispute.kind, disputeId, ruling, cause, restored);
    }

    /// @notice Ends an attempt without quorum.
    /// @dev S is settled at once, as a split settles it: a quarter to each side for its wait, 40 % to whoever revealed. The
    ///      draw's fee comes out of what would burn, so that the account holds what it held before the draw.
    function settleAttempt(uint256 disputeId) external {
        Dispute storage dispute = _requireOpen(disputeId);
        Tally memory tally;
        tally.honestIds = new uint256[](LARGEST_PANEL);
        Round storage round = _current(disputeId, dispute);
        _releaseAttempt(disputeId, dispute, dispute.round, dispute.attempt, tally);
        uint256 slashed = tally.slashed;
        uint256 burning = slashed - _keeperFee(round.seatBond, round.panelSize);
        for (uint8 side = Court.CHALLENGER; side <= Court.RESPONDENT; ++side) {
            bytes32 home = Accounts.credit(_home(dispute, side));
            _move(_account(disputeId), home, disputeId, slashed / 4, Reasons.SPLIT_SHARE);
            burning -= slashed / 4;
        }
        burning -= _payHonest(disputeId, tally, slashed * 4 / 10);
        _move(_account(disputeId), Accounts.BURN, disputeId, burning, Reasons.SLASH_BURN);
    }

    /// @dev In the storage of Disputes there is one; in this contract's own there is none.
    function _requireOpen(uint256 disputeId) private view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        require(dispute.respondentId != 0, IDisputes.UnknownDispute(disputeId));
    }

    function _paySettler(uint256 disputeId, Dispute storage dispute, address keeper) private {
        uint16 seats = _current(disputeId, dispute).panelSize;
        _payKeeper(disputeId, keeper, _keeperFee(_seatBond(dispute, dispute.round, seats), seats));
    }

    /// @dev Only the last attempt of each round still has its seats.
    function _releaseSeats(uint256 disputeId, Dispute storage dispute, uint8 ruling)
        private
        returns (Tally memory tally)
    {
        uint8 round = dispute.round;
        if (round == 0) return tally;
        tally.honestIds = new uint256[](MOST_SEATS);
        // Without a majority nobody can tell the coherent from the incoherent: whoever revealed is honest.
        tally.ruling = dispute.outcome == Court.MAJORITY ? ruling : 0;
        tally.scored = true;
        uint8 attempt = dispute.attempt;
        for (; round != 0; --round) {
            _releaseAttempt(disputeId, dispute, round, attempt, tally);
            attempt = _rounds[_key(disputeId, round, attempt)].previous;
        }
    }

    function _releaseAttempt(uint256 disputeId, Dispute storage dispute, uint8 round, uint8 attempt, Tally memory tally)
        private
    {
        uint256 key = _key(disputeId, round, attempt);
        Seat[] storage seats = _seats[key];
        uint256 count = seats.length;
        if (count == 0) return;
        tally.seatBond = _rounds[key].seatBond;
        for (uint256 i; i < count; ++i) {
            _releaseSeat(disputeId, dispute, seats[i], _seatAccount(disputeId, round, attempt, i), tally);
        }
    }

    function _releaseSeat(
        uint256 disputeId,
        Dispute storage dispute,
        Seat storage seat,
        bytes32 account,
        Tally memory tally
    ) private {
        uint256 verifierId = seat.verifierId;
        uint256 bond = tally.seatBond;
        uint256 slash = bond * _slashRate(disputeId, dispute, verifierId, seat.choice, tally) / BPS;
        tally.slashed += slash;
        _move(account, _account(disputeId), disputeId, slash, Reasons.SEAT_SLASH);
        _move(account, Accounts.stake(verifierId), disputeId, bond - slash, Reasons.SEAT_RELEASE);
    }

    /// @dev What a seat loses, in hundredths of a percent of J; scores it and counts it among the honest.
    function _slashRate(
        uint256 disputeId,
        Dispute storage dispute,
        uint256 verifierId,
        uint8 choice,
        Tally memory tally
    ) private returns (uint256) {
        --_openSeats[verifierId];
        if (choice == 0) {
            _score(verifierId, disputeId, Causes.SEAT_ABSENT, Causes.ABSENT);
            VERIFIER_POOL.missed(verifierId);
            return dispute.absentSlash;
        }
        if (tally.ruling == 0 || choice == tally.ruling) {
            tally.honestIds[tally.honest++] = verifierId;
            if (tally.scored) _score(verifierId, disputeId, Causes.SEAT_COHERENT, Causes.COHERENT);
            return 0;
        }
        _score(verifierId, disputeId, Causes.SEAT_INCOHERENT, Causes.INCOHERENT);
        return dispute.incoherentSlash;
    }

    /// @dev Z: what the losers posted and what the seats brought.
    function _pot(Dispute storage dispute, Tally memory tally, bool challenger, bool respondent)
        private
        view
        returns (uint256 pot)
    {
        pot = tally.slashed;
        if (challenger) pot += _postedBy(dispute, Court.CHALLENGER);
        if (respondent) pot += _postedBy(dispute, Court.RESPONDENT);
    }

    /// @dev Half of Z to the winner, 40 % to the honest; the keepers had theirs, and the rest burns.
    function _payWinner(uint256 disputeId, Dispute storage dispute, Tally memory tally, uint8 ruling)
        private
        returns (uint256 restored)
    {
        bool upheld = ruling == Court.UPHOLD;
        uint256 pot = _pot(dispute, tally, !upheld, upheld);
        uint8 side = upheld ? Court.CHALLENGER : Court.RESPONDENT;
        bytes32 winner = Accounts.credit(_home(dispute, side));
        if (!upheld) restored = _restorePledge(disputeId, dispute);
        _move(_account(disputeId), winner, disputeId, _postedBy(dispute, side) - restored, Reasons.BOND_RETURN);
        _move(_account(disputeId), winner, disputeId, pot / 2, Reasons.SLASH_WINNER);
        _payHonest(disputeId, tally, pot * 4 / 10);
    }

    /// @dev Both sides lose a fifth to the honest: so verifiers earn alike whatever they rule. Both pay half of the keepers.
    function _paySplit(uint256 disputeId, Dispute storage dispute, Tally memory tally) private {
        bytes32 account = _account(disputeId);
        uint256 fees = (_pot(dispute, tally, true, true) - VAULT.balanceOf(account) + 1) / 2;
        uint256 cuts;
        for (uint8 side = Court.CHALLENGER; side <= Court.RESPONDENT; ++side) {
            uint256 posted = _postedBy(dispute, side);
            uint256 cut = posted * SPLIT_CUT / BPS;
            cuts += cut;
            bytes32 home = Accounts.credit(_home(dispute, side));
            _move(account, home, disputeId, posted - cut - fees, Reasons.BOND_RETURN);
            _move(account, home, disputeId, tally.slashed / 4, Reasons.SPLIT_SHARE);
        }
        _payHonest(disputeId, tally, cuts + tally.slashed * 4 / 10);
    }

    /// @dev Taking a challenge back costs a cut: half of it to the respondent, the rest burns.
    function _payWithdrawal(uint256 disputeId, Dispute storage dispute) private returns (uint256 restored) {
        uint256 posted = _postedBy(dispute, Court.CHALLENGER);
        uint256 cut = (posted * dispute.withdrawCut + BPS - 1) / BPS;
        bytes32 account = _account(disputeId);
        bytes32 challenger = Accounts.credit(_home(dispute, Court.CHALLENGER));
        bytes32 respondent = Accounts.credit(_home(dispute, Court.RESPONDENT));
        restored = _restorePledge(disputeId, dispute);
        _move(account, challenger, disputeId, posted - cut, Reasons.BOND_RETURN);
        _move(account, respondent, disputeId, cut / 2, Reasons.SLASH_WINNER);
    }

    function _restorePledge(uint256 disputeId, Dispute storage dispute) private returns (uint256 bond) {
        bond = dispute.bond;
        _move(_account(disputeId), dispute.pledge, disputeId, bond, Reasons.BOND_RETURN);
    }

    function _payHonest(uint256 disputeId, Tally memory tally, uint256 amount) private returns (uint256 paid) {
        uint256 honest = tally.honest;
        if (honest == 0) return 0;
        uint256 share = amount / honest;
        for (uint256 i; i < honest; ++i) {
            bytes32 home = Accounts.stake(tally.honestIds[i]);
            _move(_account(disputeId), home, disputeId, share, Reasons.SLASH_HONEST);
        }
        return share * honest;
    }

    function _score(uint256 disputeId, Dispute storage dispute, uint8 ruling, uint8 cause) private {
        bytes32 ref = bytes32(disputeId);
        uint256 challengerId = dispute.challengerId;
        if (ruling == Court.UPHOLD) {
            REPUTATION.add(dispute.respondentId, Domains.STRIKE, ref, Causes.STRIKE, Causes.STRUCK);
        }
        if (challengerId == 0 || ruling == Court.SPLIT) return;
        int256 increment = Causes.CHALLENGE_LOST;
        uint8 why = Causes.CHALLENGE_REJECTED;
        if (cause == Court.WITHDRAWN) {
            (increment, why) = (Causes.CHALLENGE_TAKEN_BACK, Causes.CHALLENGE_WITHDRAWN);
        } else if (ruling == Court.UPHOLD && cause != Court.ABANDONED) {
            (increment, why) = (Causes.CHALLENGE_WON, Causes.CHALLENGE_UPHELD);
        }
        REPUTATION.add(challengerId, Domains.CHALLENGE, ref, increment, why);
    }

    function _score(uint256 verifierId, uint256 disputeId, int256 increment, uint8 cause) private {
        REPUTATION.add(verifierId, Domains.VERIFICATION, bytes32(disputeId), increment, cause);
    }
}
