// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Where a checkpoint stands. Rejected: not enough signatures, or the court's word; its epoch can be posted again.
enum CheckpointState {
    NONE,
    POSTED,
    DISPUTED,
    ACCEPTED,
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

/// @notice A checkpoint as it is kept. `posting` counts how often the epoch was posted.
struct EpochCheckpoint {
    CheckpointState state;
    bool ruled;
    uint16 posting;
    uint16 quorum;
    uint16 signatures;
    uint64 posterId;
    uint64 finalAt;
    uint64 seedBlock;
    uint128 bond;
    uint128 seatBond;
    Roots roots;
}

/// @title Epoch checkpoints: the Merkle roots of the event log and of the state, bonded, signed and challengeable.
interface ICheckpoints {
    /// @notice An epoch's roots, bonded.
    /// @custom:trigger an agent as poster
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
    /// @notice The panel will be drawn from this block's hash; again for the same epoch: a later one.
    /// @custom:trigger the poster; anyone by reseed
    /// @custom:step Checkpoint: Posted
    event CheckpointAwaitsPanel(uint64 indexed epoch, uint64 seedBlock);
    /// @notice Who may sign, how many must, and what a signature pledges.
    /// @custom:trigger anyone once the seed block exists
    /// @custom:step Checkpoint: Posted, signable
    event CheckpointPanelDrawn(
        uint64 indexed epoch, bytes32 seed, uint256[] verifierIds, uint16 quorum, uint256 seatBond
    );
    /// @notice A verifier of the panel signed.
    /// @custom:trigger a drawn verifier
    /// @custom:step Checkpoint: signatures grow
    event CheckpointSigned(uint64 indexed epoch, uint256 indexed verifierId);
    /// @notice The checkpoint is challenged.
    /// @custom:trigger the court, for a challenger
    /// @custom:step Checkpoint: Posted -> Disputed
    event CheckpointDisputed(uint64 indexed epoch, uint256 indexed disputeId);
    /// @notice The challenge was rejected (ruled) or taken back: signing goes on.
    /// @custom:trigger the court
    /// @custom:step Checkpoint: Disputed -> Posted
    event CheckpointResumed(uint64 indexed epoch, bool ruled, uint64 finalAt);
    /// @notice The epoch is decided.
    /// @custom:trigger anyone from finalAt; the court
    /// @custom:step Checkpoint: Posted or Challenged -> Accepted or Rejected
    event CheckpointSettled(uint64 indexed epoch, bool accepted);

    error WrongCheckpointState(uint256 epoch, CheckpointState found);
    /// @notice An epoch follows the last accepted one, and no other is open.
    error WrongEpoch(uint256 epoch, uint256 expected);
    error BlocksDoNotAdjoin(uint64 fromBlock, uint64 expected);
    error BlocksOutOfOrder(uint64 fromBlock, uint64 toBlock, uint256 blockNumber);
    error ZeroRoot();
    error SeedOutsideBlocks(uint256 from, uint256 until, uint256 found);
    error SeedHashGone(uint64 seedBlock);
    error PanelAlreadyDrawn(uint256 epoch);
    error NotSigner(uint256 epoch, uint256 verifierId);
    error AlreadySigned(uint256 epoch, uint256 verifierId);
    error WrongKind(uint8 kind);
    error ChallengerMissing(uint256 epoch);
    error AlreadyRuled(uint256 epoch);

    /// @notice Posts the roots of the next epoch with a bond of the poster's stake.
    function post(uint64 epoch, uint256 posterId, Roots calldata roots) external;

    /// @notice Draws the seven who may sign, from the hash of the seed block; anyone.
    function drawSigners(uint64 epoch) external;

    /// @notice Names a later seed block when the window passed without a draw; anyone.
    function reseed(uint64 epoch) external;

    /// @notice A drawn verifier signs, and pledges a seat for it.
    function sign(uint64 epoch, uint256 verifierId) external;

    /// @notice Accepts or rejects once finalAt has passed; bonds go back; anyone.
    function settleCheckpoint(uint64 epoch) external;

    /// @notice Moves every signer's pledge into the dispute that overturned its signature; for Disputes.
    function forfeitSigners(uint256 epoch, uint256 disputeId) external returns (uint256 forfeited);

    function checkpointOf(uint64 epoch) external view returns (EpochCheckpoint memory);
    function panelOf(uint64 epoch) external view returns (uint256[] memory);
    function hasSigned(uint64 epoch, uint256 verifierId) external view returns (bool);

    /// @notice The last accepted epoch; 0 = none.
    function lastEpoch() external view returns (uint64);

    /// @notice The account that holds the poster's bond.
    function pledgeOf(uint64 epoch) external view returns (bytes32);
}
