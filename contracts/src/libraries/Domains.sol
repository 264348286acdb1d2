// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The domains of reputation that no client can name in a task: they are earned in court alone.
library Domains {
    /// @notice Earned by drawn seats; weighs verifiers.
    bytes32 internal constant VERIFICATION = "verification";
    /// @notice Earned by challenging rightly, lost by challenging wrongly.
    bytes32 internal constant CHALLENGE = "challenge";
    /// @notice One point for every dispute upheld against the agent; decays with its own half-life.
    bytes32 internal constant STRIKE = "strike";

    function isReserved(bytes32 domain) internal pure returns (bool) {
        return domain == VERIFICATION || domain == CHALLENGE || domain == STRIKE;
    }
}

/// @notice Why a score changed (`ReputationSet.cause`) and by how many micropoints. Stored; never renumber.
library Causes {
    uint8 internal constant COMPLETED = 1;
    uint8 internal constant NOT_STARTED = 2;
    uint8 internal constant LAPSED = 3;
    uint8 internal constant MISSED = 4;
    uint8 internal constant UPHELD = 5;
    uint8 internal constant SPLIT = 6;
    uint8 internal constant COHERENT = 7;
    uint8 internal constant INCOHERENT = 8;
    uint8 internal constant ABSENT = 9;
    uint8 internal constant CHALLENGE_UPHELD = 10;
    uint8 internal constant CHALLENGE_REJECTED = 11;
    uint8 internal constant CHALLENGE_WITHDRAWN = 12;
    uint8 internal constant STRUCK = 13;

    int256 internal constant FAILURE = -20e6;
    int256 internal constant DISPUTE_LOST = -30e6;
    int256 internal constant DISPUTE_SPLIT = -15e6;
    int256 internal constant SEAT_COHERENT = 10e6;
    int256 internal constant SEAT_INCOHERENT = -20e6;
    int256 internal constant SEAT_ABSENT = -30e6;
    int256 internal constant CHALLENGE_WON = 10e6;
    int256 internal constant CHALLENGE_LOST = -30e6;
    int256 internal constant CHALLENGE_TAKEN_BACK = -10e6;
    int256 internal constant STRIKE = 1e6;
}
