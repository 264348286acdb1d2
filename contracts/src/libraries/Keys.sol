// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The names of the governed parameters, with default and bounds. Stored; never rename.
library Keys {
    bytes32 internal constant MIN_STAKE_VERIFIER = "minStakeVerifier";
    bytes32 internal constant UNBONDING = "unbonding";
    bytes32 internal constant PROTOCOL_FEE = "protocolFee";
    bytes32 internal constant EVIDENCE_WINDOW = "evidenceWindow";
    bytes32 internal constant COMMIT_WINDOW = "commitWindow";
    bytes32 internal constant REVEAL_WINDOW = "revealWindow";
    bytes32 internal constant APPEAL_WINDOW = "appealWindow";
    bytes32 internal constant DRAW_BY = "drawBy";
    bytes32 internal constant YIELD_RATE = "yieldRate";
    bytes32 internal constant NO_START_RATE = "noStartRate";
    bytes32 internal constant LAPSE_RATE = "lapseRate";
    bytes32 internal constant MISSED_RATE = "missedRate";
    bytes32 internal constant UNREVEALED_RATE = "unrevealedRate";
    bytes32 internal constant W_PRICE = "wPrice";
    bytes32 internal constant W_REP = "wRep";
    bytes32 internal constant W_REC = "wRec";
    bytes32 internal constant MAX_ROUNDS = "maxRounds";
    bytes32 internal constant REP_HALF_LIFE = "repHalfLife";
    bytes32 internal constant REC_HALF_LIFE = "recHalfLife";
    bytes32 internal constant STRIKE_HALF_LIFE = "strikeHalfLife";
    bytes32 internal constant REP_K = "repK";
    bytes32 internal constant VALUE_FULL = "valueFull";
    bytes32 internal constant INCOHERENT_DETERMINISTIC = "incoherentDeterministic";
    bytes32 internal constant INCOHERENT_JUDGED = "incoherentJudged";
    bytes32 internal constant ABSENT_SLASH = "absentSlash";
    bytes32 internal constant MIN_SEAT = "minSeat";
    bytes32 internal constant MAX_SEAT = "maxSeat";
    bytes32 internal constant MAX_PRICE_CAP = "maxPriceCap";
    bytes32 internal constant POOL_MIN = "poolMin";
    bytes32 internal constant WITHDRAW_CUT = "withdrawCut";
    bytes32 internal constant BOUNTY_CAP = "bountyCap";
    bytes32 internal constant MAX_AWARDS = "maxAwards";
    bytes32 internal constant ERA_POOL = "eraPool";
    bytes32 internal constant VEST = "vest";
    bytes32 internal constant VOTING_DELAY = "votingDelay";
    bytes32 internal constant VOTING_PERIOD = "votingPeriod";
    bytes32 internal constant QUORUM_VOTES = "quorumVotes";
    bytes32 internal constant CHECKPOINT_BOND = "checkpointBond";

    uint256 internal constant COUNT = 38;

    /// @notice Row i of the table: key, default, lowest and highest value.
    function row(uint256 i) internal pure returns (bytes32 key, uint256 value, uint256 lowest, uint256 highest) {
        if (i == 0) return (MIN_STAKE_VERIFIER, 100e18, 10e18, 10_000e18);
        if (i == 1) return (UNBONDING, 14 days, 11 days, 60 days);
        if (i == 2) return (PROTOCOL_FEE, 100, 0, 500);
        if (i == 3) return (EVIDENCE_WINDOW, 4 hours, 10 minutes, 7 days);
        if (i == 4) return (COMMIT_WINDOW, 4 hours, 10 minutes, 7 days);
        if (i == 5) return (REVEAL_WINDOW, 4 hours, 10 minutes, 7 days);
        if (i == 6) return (APPEAL_WINDOW, 8 hours, 10 minutes, 7 days);
        if (i == 7) return (DRAW_BY, 24 hours, 1 hours, 3 days);
        if (i == 8) return (YIELD_RATE, 1_000, 0, 9_999);
        if (i == 9) return (NO_START_RATE, 2_000, 0, 9_999);
        if (i == 10) return (LAPSE_RATE, 5_000, 0, 9_999);
        if (i == 11) return (MISSED_RATE, 8_000, 0, 9_999);
        if (i == 12) return (UNREVEALED_RATE, 2_000, 0, 9_999);
        if (i == 13) return (W_PRICE, 5_000, 2_000, 10_000);
        if (i == 14) return (W_REP, 4_000, 0, 8_000);
        if (i == 15) return (W_REC, 1_000, 0, 8_000);
        if (i == 16) return (MAX_ROUNDS, 8, 1, 16);
        if (i == 17) return (REP_HALF_LIFE, 90 days, 30 days, 365 days);
        if (i == 18) return (REC_HALF_LIFE, 30 days, 30 days, 365 days);
        if (i == 19) return (STRIKE_HALF_LIFE, 30 days, 30 days, 365 days);
        if (i == 20) return (REP_K, 200e6, 20e6, 2_000e6);
        if (i == 21) return (VALUE_FULL, 100e18, 1e18, 10_000e18);
        if (i == 22) return (INCOHERENT_DETERMINISTIC, 10_000, 0, 10_000);
        if (i == 23) return (INCOHERENT_JUDGED, 5_000, 0, 10_000);
        if (i == 24) return (ABSENT_SLASH, 10_000, 5_000, 10_000);
        if (i == 25) return (MIN_SEAT, 10e18, 1e18, 10_000e18);
        if (i == 26) return (MAX_SEAT, 100e18, 1e18, 10_000e18);
        if (i == 27) return (MAX_PRICE_CAP, 10_000e18, 10e18, 10_000_000e18);
        if (i == 28) return (POOL_MIN, 9, 3, 100);
        if (i == 29) return (WITHDRAW_CUT, 2_500, 1_000, 5_000);
        if (i == 30) return (BOUNTY_CAP, 10_000e18, 1e18, 1_000_000e18);
        if (i == 31) return (MAX_AWARDS, 100, 1, 100);
        if (i == 32) return (ERA_POOL, 1_000e18, 0, 1_000_000e18);
        if (i == 33) return (VEST, 91 days, 28 days, 365 days);
        if (i == 34) return (VOTING_DELAY, 1 days, 1 days, 30 days);
        if (i == 35) return (VOTING_PERIOD, 7 days, 3 days, 30 days);
        if (i == 36) return (QUORUM_VOTES, 400, 200, 2_000);
        if (i == 37) return (CHECKPOINT_BOND, 500e18, 100e18, 100_000e18);
        return (bytes32(0), 0, 0, 0);
    }
}
