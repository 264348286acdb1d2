// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The court: bonds, panels drawn by lot, commit and reveal, appeals, and one settlement that sums to zero.
interface IDisputes {
    event DisputeOpened(
        uint256 indexed disputeId,
        bytes32 indexed subject,
        uint256 indexed challengerId,
        uint256 respondentId,
        uint8 kind,
        bytes32 claimHash,
        uint64 evidenceEnd
    );
    /// @notice ERC-1497 (Kleros).
    event Evidence(uint256 indexed disputeId, address indexed party, string evidence);
    /// @notice A round waits for its seed block; again with the same round: reseed or redraw.
    event RoundStarted(
        uint256 indexed disputeId,
        uint8 round,
        uint8 attempt,
        uint256 indexed appellantId,
        uint16 panelSize,
        uint16 quorum,
        uint64 seedBlock,
        uint64 drawBy
    );
    event SeedCommitted(
        uint256 indexed disputeId, uint8 round, uint8 attempt, address indexed party, bytes32 commitment
    );
    event SeedRevealed(uint256 indexed disputeId, uint8 round, uint8 attempt, address indexed party, bytes32 secret);
    event PanelDrawn(
        uint256 indexed disputeId,
        uint8 round,
        uint8 attempt,
        bytes32 seed,
        uint256[] verifierIds,
        uint64 commitEnd,
        uint64 revealEnd
    );
    event VoteCommitted(
        uint256 indexed disputeId, uint8 round, uint8 attempt, uint256 indexed verifierId, bytes32 commitment
    );
    event VoteRevealed(
        uint256 indexed disputeId,
        uint8 round,
        uint8 attempt,
        uint256 indexed verifierId,
        uint8 choice,
        bytes32 justificationHash
    );
    /// @notice Outcome: 1 majority, 2 tie, 3 no quorum, 4 no panel. Ruling 0: this attempt did not rule.
    event RoundResolved(
        uint256 indexed disputeId, uint8 round, uint8 attempt, uint8 ruling, uint8 outcome, uint64 appealEnd
    );
    /// @notice Cause: 1 court, 2 withdrawn, 3 conceded, 4 proven, 5 no quorum.
    event DisputeSettled(uint256 indexed disputeId, uint8 ruling, uint8 cause);
}
