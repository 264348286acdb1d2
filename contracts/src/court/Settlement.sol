// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, CourtTerms, Dispute, Phase, Round, Seat } from "../interfaces/IDisputes.sol";
import { IDisputable } from "../interfaces/IDisputable.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Causes, Domains } from "../libraries/Domains.sol";
import { Panels } from "./Panels.sol";

/// @title The one settlement that sums to zero (see IDisputes and economics, section 4).
/// @dev Enters: a ruling and its cause. Leaves: every bond and every seat paid out, the account empty, scores counted, the
///      subject told. At most 90 seats, in one call, without a callback to strangers.
abstract contract Settlement is Panels {
    /// @dev What the seats bring: S, and who shares in it. The last three are those of the attempt being counted;
    ///      ruling 0: no majority stands behind it.
    struct Tally {
        uint256 slashed;
        uint256 honest;
        uint256[] honestIds;
        uint8 ruling;
        bool quorate;
        uint256 seatBond;
    }

    uint256 internal constant MOST_SEATS = 90;
    uint256 internal constant SPLIT_CUT = 2_000;

    function _conclude(uint256 disputeId, Dispute storage dispute, uint8 ruling, uint8 cause) internal {
        dispute.phase = Phase.SETTLED;
        dispute.ruling = ruling;
        dispute.cause = cause;
        emit DisputeSettled(disputeId, ruling, cause);

        Tally memory tally = _releaseSeats(disputeId, dispute, ruling);
        if (ruling == Court.UPHOLD && dispute.kind == Court.WRONG_CHECKPOINT) {
            tally.slashed += CHECKPOINTS.forfeitSigners(dispute.subjectId, disputeId);
        }
        uint256 restored;
        if (cause == Court.WITHDRAWN) restored = _payWithdrawal(disputeId, dispute);
        else if (ruling == Court.SPLIT) _paySplit(disputeId, dispute, tally);
        else restored = _payWinner(disputeId, dispute, tally, ruling);
        _move(_account(disputeId), Accounts.BURN, disputeId, VAULT.balanceOf(_account(disputeId)), Reasons.SLASH_BURN);

        _score(disputeId, dispute, ruling, cause);
        REGISTRY.unlock(dispute.respondentId);
        if (dispute.challengerId != 0) REGISTRY.unlock(dispute.challengerId);
        (IDisputable subjects,) = _subjectsOf(dispute.kind);
        subjects.rule(dispute.subjectId, dispute.kind, disputeId, ruling, cause, restored);
    }

    function _releaseSeats(uint256 disputeId, Dispute storage dispute, uint8 ruling)
        private
        returns (Tally memory tally)
    {
        if (dispute.round == 0) return tally;
        tally.honestIds = new uint256[](MOST_SEATS);
        for (uint8 round = 1; round <= dispute.round; ++round) {
            for (uint8 attempt = 1; attempt <= LAST_ATTEMPT; ++attempt) {
                _releaseAttempt(disputeId, dispute, round, attempt, ruling, tally);
            }
        }
    }

    function _releaseAttempt(
        uint256 disputeId,
        Dispute storage dispute,
        uint8 round,
        uint8 attempt,
        uint8 ruling,
        Tally memory tally
    ) private {
        Seat[] storage seats = _seats[_key(disputeId, round, attempt)];
        uint256 count = seats.length;
        if (count == 0) return;
        Round storage held = _rounds[_key(disputeId, round, attempt)];
        // Without a majority nobody can tell the coherent from the incoherent: whoever revealed is honest.
        tally.ruling = dispute.outcome == Court.MAJORITY ? ruling : 0;
        tally.quorate = held.outcome == Court.MAJORITY || held.outcome == Court.TIE;
        tally.seatBond = held.seatBond;
        for (uint16 i; i < count; ++i) {
            _releaseSeat(disputeId, seats[i], Accounts.seat(disputeId, round, attempt, i), tally);
        }
    }

    function _releaseSeat(uint256 disputeId, Seat storage seat, bytes32 account, Tally memory tally) private {
        uint256 verifierId = seat.verifierId;
        uint8 choice = seat.choice;
        uint256 rate;
        --_openSeats[verifierId];
        if (choice != 0 && (tally.ruling == 0 || choice == tally.ruling)) {
            tally.honestIds[tally.honest++] = verifierId;
            _score(verifierId, disputeId, Causes.SEAT_COHERENT, Causes.COHERENT);
        } else if (choice == 0) {
            rate = _terms[disputeId].absentSlash;
            VERIFIER_POOL.missed(verifierId);
            _score(verifierId, disputeId, Causes.SEAT_ABSENT, Causes.ABSENT);
        } else if (tally.quorate) {
            rate = _terms[disputeId].incoherentSlash;
            _score(verifierId, disputeId, Causes.SEAT_INCOHERENT, Causes.INCOHERENT);
        }
        uint256 slash = tally.seatBond * rate / BPS;
        tally.slashed += slash;
        _move(account, _account(disputeId), disputeId, slash, Reasons.SEAT_SLASH);
        _move(account, Accounts.stake(verifierId), disputeId, tally.seatBond - slash, Reasons.SEAT_RELEASE);
    }

    /// @dev Z = what the loser posted and what the seats brought: half to the winner, 40 % to the honest, the rest burns.
    function _payWinner(uint256 disputeId, Dispute storage dispute, Tally memory tally, uint8 ruling)
        private
        returns (uint256 restored)
    {
        bool upheld = ruling == Court.UPHOLD;
        uint256 pot = tally.slashed + (upheld ? dispute.postedByRespondent : dispute.postedByChallenger);
        uint256 own = upheld ? dispute.postedByChallenger : dispute.postedByRespondent;
        bytes32 winner = Accounts.credit(_home(disputeId, upheld ? Court.CHALLENGER : Court.RESPONDENT));
        if (!upheld) restored = _restorePledge(disputeId);
        _move(_account(disputeId), winner, disputeId, own - restored, Reasons.BOND_RETURN);
        _move(_account(disputeId), winner, disputeId, pot / 2, Reasons.SLASH_WINNER);
        _payHonest(disputeId, tally, pot * 4 / 10);
    }

    /// @dev Both sides lose a fifth to the honest: so verifiers earn alike whatever they rule.
    function _paySplit(uint256 disputeId, Dispute storage dispute, Tally memory tally) private {
        uint256 rate = tally.honest == 0 ? 0 : SPLIT_CUT;
        uint256 cuts;
        for (uint8 side = Court.CHALLENGER; side <= Court.RESPONDENT; ++side) {
            uint256 posted = side == Court.CHALLENGER ? dispute.postedByChallenger : dispute.postedByRespondent;
            uint256 cut = posted * rate / BPS;
            cuts += cut;
            bytes32 home = Accounts.credit(_home(disputeId, side));
            _move(_account(disputeId), home, disputeId, posted - cut, Reasons.BOND_RETURN);
            _move(_account(disputeId), home, disputeId, tally.slashed / 4, Reasons.SPLIT_SHARE);
        }
        _payHonest(disputeId, tally, cuts + tally.slashed * 4 / 10);
    }

    /// @dev Taking a challenge back costs a cut: half of it to the respondent, the rest burns.
    function _payWithdrawal(uint256 disputeId, Dispute storage dispute) private returns (uint256 restored) {
        uint256 posted = dispute.postedByChallenger;
        uint256 cut = (posted * _terms[disputeId].withdrawCut + BPS - 1) / BPS;
        bytes32 account = _account(disputeId);
        bytes32 challenger = Accounts.credit(_home(disputeId, Court.CHALLENGER));
        bytes32 respondent = Accounts.credit(_home(disputeId, Court.RESPONDENT));
        restored = _restorePledge(disputeId);
        _move(account, challenger, disputeId, posted - cut, Reasons.BOND_RETURN);
        _move(account, respondent, disputeId, cut / 2, Reasons.SLASH_WINNER);
    }

    function _restorePledge(uint256 disputeId) private returns (uint256 bond) {
        CourtTerms storage terms = _terms[disputeId];
        bond = terms.bond;
        _move(_account(disputeId), terms.pledge, disputeId, bond, Reasons.BOND_RETURN);
    }

    function _payHonest(uint256 disputeId, Tally memory tally, uint256 amount) private {
        uint256 honest = tally.honest;
        if (honest == 0) return;
        uint256 share = amount / honest;
        for (uint256 i; i < honest; ++i) {
            bytes32 home = Accounts.stake(tally.honestIds[i]);
            _move(_account(disputeId), home, disputeId, share, Reasons.SLASH_HONEST);
        }
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
        if (cause == Court.WITHDRAWN) (increment, why) = (Causes.CHALLENGE_TAKEN_BACK, Causes.CHALLENGE_WITHDRAWN);
        if (ruling == Court.UPHOLD) (increment, why) = (Causes.CHALLENGE_WON, Causes.CHALLENGE_UPHELD);
        REPUTATION.add(challengerId, Domains.CHALLENGE, ref, increment, why);
    }

    function _score(uint256 verifierId, uint256 disputeId, int256 increment, uint8 cause) private {
        REPUTATION.add(verifierId, Domains.VERIFICATION, bytes32(disputeId), increment, cause);
    }
}
