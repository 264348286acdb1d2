// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Where a candidate stands. Unsigned: too few signatures; superseded: signed, but its epoch had been decided by
///         another; rejected: the court's word.
enum CandidateState {
    NONE,
    POSTED,
    DISPUTED,
    ACCEPTED,
    UNSIGNED,
    SUPERSEDED,
    REJECTED
}

/// @notice The roots of an epoch and the blocks that it covers, both ends included.
struct Roots {
    bytes32 logRoot;
    bytes32 stateRoot;
    uint64 fromBlock;
    uint64 toBlock;
    uint64 eventCount;
}

/// @notice A candidate for an epoch's checkpoint as it is kept.
/// @param signed Bit i: member i of the panel has signed.
/// @param disputeId The last dispute about it; 0 = none.
/// @param fee What is put aside for whoever draws its panel and whoever settles it, half each.
struct Candidate {
    CandidateState state;
    bool ruled;
    uint16 quorum;
    uint16 signatures;
    uint16 signed;
    uint64 epoch;
    uint64 posterId;
    uint64 finalAt;
    uint64 seedBlock;
    uint64 disputeId;
    uint128 bond;
    uint128 seatBond;
    uint128 fee;
    bytes32 seed;
    Roots roots;
}

/// @title Epoch checkpoints: the Merkle roots of the event log and of the state, bonded, signed and challengeable.
/// @notice Anybody may post a candidate for the next epoch beside the others. Each has its own bond, panel and signatures; the
///         first that is final with its quorum decides the epoch. Since 1.1 candidates have events of their own, and the seven
///         events of checkpoints tell the story of the accepted one, all at its acceptance.
interface ICheckpoints {
    /// @notice An epoch's roots, bonded. Since 1.1: those that were accepted, told together with their acceptance.
    /// @custom:trigger anyone who settles the accepted candidate
    /// @custom:step Checkpoint: -> Posted
    event CheckpointPosted(
        uint64 indexed epoch,
        uint256 indexed posterId,
        bytes32 logRoot,
        bytes32 stateRoot,
        uint64 fromBlock,
        uint64 toBlock,
        uint64 eventCount,
        uint64 finalAt
    );
    /// @notice The panel is drawn from this block's hash. Since 1.1: told at the acceptance.
    /// @custom:trigger anyone who settles the accepted candidate
    /// @custom:step Checkpoint: Posted
    event CheckpointAwaitsPanel(uint64 indexed epoch, uint64 seedBlock);
    /// @notice Who may sign, how many must, and what a signature pledges. Since 1.1: told at the acceptance.
    /// @custom:trigger anyone who settles the accepted candidate
    /// @custom:step Checkpoint: Posted, signable
    event CheckpointPanelDrawn(
        uint64 indexed epoch, bytes32 seed, uint256[] verifierIds, uint16 quorum, uint256 seatBond
    );
    /// @notice A verifier of the panel signed. Since 1.1: told at the acceptance.
    /// @custom:trigger anyone who settles the accepted candidate
    /// @custom:step Checkpoint: signatures grow
    event CheckpointSigned(uint64 indexed epoch, uint256 indexed verifierId);
    /// @notice The checkpoint was challenged. Since 1.1: told at the acceptance, of the last challenge.
    /// @custom:trigger anyone who settles the accepted candidate
    /// @custom:step Checkpoint: Posted -> Disputed
    event CheckpointDisputed(uint64 indexed epoch, uint256 indexed disputeId);
    /// @notice The challenge was rejected (ruled) or taken back. Since 1.1: told at the acceptance.
    /// @custom:trigger anyone who settles the accepted candidate
    /// @custom:step Checkpoint: Disputed -> Posted
    event CheckpointResumed(uint64 indexed epoch, bool ruled, uint64 finalAt);
    /// @notice The epoch is decided. Since 1.1: always accepted; what is not accepted is a candidate's end alone.
    /// @custom:trigger anyone who settles the accepted candidate
    /// @custom:step Checkpoint: Posted -> Accepted
    event CheckpointSettled(uint64 indexed epoch, bool accepted);

    /// @notice Roots for the next epoch, bonded; others may stand beside them.
    /// @custom:trigger an agent as poster
    /// @custom:step Candidate: -> Posted
    event CandidatePosted(
        uint256 indexed candidateId,
        uint64 indexed epoch,
        uint256 indexed posterId,
        Roots roots,
        uint256 bond,
        uint256 fee,
        uint64 finalAt
    );
    /// @notice The panel will be drawn from this block's hash; again for the same candidate: a later one.
    /// @custom:trigger the poster; anyone by reseed
    /// @custom:step Candidate: Posted
    event CandidateAwaitsPanel(uint256 indexed candidateId, uint64 seedBlock);
    /// @notice Who may sign, how many must, and what a signature pledges.
    /// @custom:trigger anyone once the seed block exists
    /// @custom:step Candidate: Posted, signable
    event CandidatePanelDrawn(
        uint256 indexed candidateId, bytes32 seed, uint256[] verifierIds, uint16 quorum, uint256 seatBond
    );
    /// @notice A verifier of the panel signed.
    /// @custom:trigger a drawn verifier
    /// @custom:step Candidate: signatures grow
    event CandidateSigned(uint256 indexed candidateId, uint256 indexed verifierId);
    /// @notice The candidate is challenged.
    /// @custom:trigger the court, for a challenger
    /// @custom:step Candidate: Posted -> Disputed
    event CandidateDisputed(uint256 indexed candidateId, uint256 indexed disputeId);
    /// @notice The challenge was rejected (ruled) or taken back: signing goes on.
    /// @custom:trigger the court
    /// @custom:step Candidate: Disputed -> Posted
    event CandidateResumed(uint256 indexed candidateId, bool ruled, uint64 finalAt);
    /// @notice The candidate is decided. State: 3 accepted, 4 unsigned, 5 superseded, 6 rejected by the court.
    /// @custom:trigger anyone from finalAt; the court
    /// @custom:step Candidate: Posted or Disputed -> Accepted, Unsigned, Superseded or Rejected
    event CandidateSettled(uint256 indexed candidateId, uint8 state);

    error WrongCandidateState(uint256 candidateId, CandidateState found);
    /// @notice A candidate is for the epoch after the last accepted one.
    error WrongEpoch(uint256 epoch, uint256 expected);
    error BlocksDoNotAdjoin(uint64 fromBlock, uint64 expected);
    error BlocksOutOfOrder(uint64 fromBlock, uint64 toBlock, uint256 blockNumber);
    /// @notice A candidate reaches to the present: its last block is one of the last 1,024.
    error BlocksTooOld(uint64 toBlock, uint256 oldest);
    error ZeroRoot();
    error SeedOutsideBlocks(uint256 from, uint256 until, uint256 found);
    error SeedHashGone(uint64 seedBlock);
    error PanelAlreadyDrawn(uint256 candidateId);
    error NotSigner(uint256 candidateId, uint256 verifierId);
    error AlreadySigned(uint256 candidateId, uint256 verifierId);
    error WrongKind(uint8 kind);
    error ChallengerMissing(uint256 candidateId);
    error AlreadyRuled(uint256 candidateId);

    /// @notice Posts roots for the next epoch with a bond of the poster's stake, and the fee of those who draw and settle.
    function post(uint64 epoch, uint256 posterId, Roots calldata roots) external returns (uint256 candidateId);

    /// @notice Draws the seven who may sign, from the hash of the seed block; anyone, for half of the candidate's fee.
    function drawSigners(uint256 candidateId) external;

    /// @notice Names a later seed block when the window passed without a draw; anyone.
    function reseed(uint256 candidateId) external;

    /// @notice A drawn verifier signs, and pledges a seat for it.
    function sign(uint256 candidateId, uint256 verifierId) external;

    /// @notice Decides a candidate once finalAt has passed; anyone, for half of the candidate's fee. Without its quorum it
    ///         loses a twentieth of its bond.
    function settleCandidate(uint256 candidateId) external;

    /// @notice Moves every signer's pledge into the dispute that overturned its signature; for Disputes.
    function forfeitSigners(uint256 candidateId, uint256 disputeId) external returns (uint256 forfeited);

    function candidateOf(uint256 candidateId) external view returns (Candidate memory);
    function candidateCount() external view returns (uint256);
    function panelOf(uint256 candidateId) external view returns (uint256[] memory);
    function hasSigned(uint256 candidateId, uint256 verifierId) external view returns (bool);

    /// @notice The candidate that an epoch was decided by; 0 = it is not decided.
    function acceptedOf(uint64 epoch) external view returns (uint256 candidateId);

    /// @notice The last accepted epoch; 0 = none.
    function lastEpoch() external view returns (uint64);

    /// @notice How many signatures of a verifier stand under candidates that are not decided.
    function openSignaturesOf(uint256 verifierId) external view returns (uint256);

    /// @notice The account that holds a candidate's bond and fee.
    function pledgeOf(uint256 candidateId) external view returns (bytes32);
}
