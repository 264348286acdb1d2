// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What a client asks for. Recorded at creation; parameters that change later do not touch it.
/// @param mode 0 direct, 1 open auction, 2 sealed auction.
/// @param verification 0 client accepts, 1 optimistic.
/// @param domain In which reputation is earned and asked for.
/// @param maxPrice The reserve price, locked in escrow at creation.
/// @param agentBond What the agent pledges; two halves b.
/// @param minReputation Micropoints in the domain, decayed, at bid time.
struct Terms {
    uint8 mode;
    uint8 verification;
    bytes32 domain;
    uint256 maxPrice;
    uint256 agentBond;
    int256 minReputation;
    uint32 bidWindow;
    uint32 revealWindow;
    uint32 startWindow;
    uint32 deliverWindow;
    uint32 reviewWindow;
    uint32 challengeWindow;
    uint32 leaseTtl;
    uint32 grace;
    uint64 expiresAt;
    bytes32 specHash;
    string specURI;
}

/// @title The task market: escrow, auctions, the single decision, delivery and payment.
interface ITaskMarket {
    /// @notice NEED: a task exists and its escrow holds maxPrice. Agent 0: open to bids.
    event TaskCreated(uint256 indexed taskId, address indexed client, uint256 indexed agentId, Terms terms);
    /// @notice A round of bidding opened; round 2 and later are reopenings with their cause.
    event BiddingOpened(uint256 indexed taskId, uint16 round, uint8 cause, uint64 commitEnd, uint64 revealEnd);
    event BidCommitted(uint256 indexed taskId, uint256 indexed agentId, bytes32 commitment);
    /// @notice PROPOSE: a bid stands, with the score that it keeps.
    event BidPlaced(
        uint256 indexed taskId,
        uint256 indexed bidId,
        uint256 indexed agentId,
        uint256 price,
        uint64 eta,
        bytes32 proposalHash,
        uint64 score
    );
    event BidWithdrawn(uint256 indexed taskId, uint256 indexed bidId);
    /// @notice A bid left the board: outscored, or (bid 0) a commitment that was never revealed.
    event BidLost(uint256 indexed taskId, uint256 indexed bidId, uint256 indexed agentId, uint8 cause);
    /// @notice DECIDE: the single match of a round.
    event TaskMatched(
        uint256 indexed taskId,
        uint256 indexed bidId,
        uint256 indexed agentId,
        uint16 round,
        uint64 startBy,
        uint64 deliverBy
    );
    event TaskSubmitted(
        uint256 indexed taskId,
        uint256 indexed agentId,
        bytes32 resultHash,
        bytes32 receiptHash,
        string resultURI,
        uint64 reviewEnd
    );
    /// @notice FINALIZE: the agent is paid (or, by the court, the money is split).
    event TaskFinalized(uint256 indexed taskId, uint256 indexed agentId, uint8 cause);
    event TaskCancelled(uint256 indexed taskId, uint8 cause);
}
