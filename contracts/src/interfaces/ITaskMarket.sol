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

/// @notice The governed parameters that a task keeps as they were at its creation; rates and weights in bps.
struct Rules {
    uint16 fee;
    uint16 yieldRate;
    uint16 noStartRate;
    uint16 lapseRate;
    uint16 missedRate;
    uint16 unrevealedRate;
    uint16 wPrice;
    uint16 wRep;
    uint16 wRec;
    uint16 maxRounds;
    uint32 recHalfLife;
    uint64 repK;
}

enum Mode {
    DIRECT,
    OPEN,
    SEALED
}

enum Verification {
    CLIENT,
    OPTIMISTIC
}

/// @notice Vacant: the winner is gone and the task waits to be reopened, cancelled by its client, or to expire.
enum TaskState {
    NONE,
    BIDDING,
    MATCHED,
    RUNNING,
    VERIFYING,
    DISPUTED,
    VACANT,
    FINALIZED,
    CANCELLED
}

/// @notice Outscored covers whoever is pushed off the board; lost covers whoever stood on it when it was decided.
enum BidState {
    NONE,
    COMMITTED,
    STANDING,
    WON,
    WITHDRAWN,
    OUTSCORED,
    LOST,
    FORFEITED,
    RETURNED
}

/// @notice A task as it is kept. `cause` is that of the last TaskVacated, TaskFinalized or TaskCancelled.
/// @param rules The Rules in one word, 16 bits each from the lowest on: fee, yield, noStart, lapse, missed, unrevealed,
///        wPrice, wRep, wRec; then maxRounds (16), recHalfLife (32), repK (64).
/// @param windows The Terms' windows in one word, 32 bits each from the lowest on: bid, reveal, start, deliver, review,
///        challenge, leaseTtl, grace.
/// @param leaseId The work lease of the last start; WorkLeases knows whether it lives.
/// @dev Ordered by the step that writes a word first: creation, creation, a round, a match; minReputation is mostly 0.
struct Task {
    address client;
    TaskState state;
    Mode mode;
    Verification verification;
    uint16 round;
    uint8 ruledKinds;
    uint8 cause;
    uint40 expiresAt;
    uint96 maxPrice;
    uint96 agentBond;
    uint64 named;
    uint40 commitEnd;
    uint40 revealEnd;
    uint64 agentId;
    uint64 bidId;
    uint48 leaseId;
    uint40 startBy;
    uint40 deliverBy;
    uint40 reviewEnd;
    uint40 challengeEnd;
    uint96 price;
    int128 minReputation;
    uint64 disputeId;
    bytes32 domain;
    bytes32 funding;
    bytes32 specHash;
    bytes32 resultHash;
    bytes32 receiptHash;
    uint256 rules;
    uint256 windows;
}

/// @notice A bid; its id is also its place in the order of placing (open) or of committing (sealed). What it promises about
///         time is in its event alone.
struct Bid {
    uint48 taskId;
    uint48 agentId;
    uint40 score;
    uint16 round;
    BidState state;
    uint96 price;
    bytes32 commitment;
}

/// @notice Causes of BiddingOpened and TaskVacated: 0 created (BiddingOpened alone), 5 no bid (likewise).
library Vacancy {
    uint8 internal constant CREATED = 0;
    uint8 internal constant YIELDED = 1;
    uint8 internal constant NOT_STARTED = 2;
    uint8 internal constant LAPSED = 3;
    uint8 internal constant MISSED = 4;
    uint8 internal constant NO_BID = 5;
}

/// @notice Causes of TaskFinalized, TaskCancelled, TaskReviewSet and BidLost. Stored; never renumber.
library Endings {
    uint8 internal constant ACCEPTED = 1;
    uint8 internal constant REVIEW_OVER = 2;
    uint8 internal constant SPLIT = 3;

    uint8 internal constant BY_CLIENT = 1;
    uint8 internal constant EXPIRED = 2;
    uint8 internal constant BY_COURT = 3;

    uint8 internal constant REVIEW_SHORTENED = 1;
    uint8 internal constant REVIEW_RESUMED = 2;
    uint8 internal constant CHALLENGE_WITHDRAWN = 3;

    uint8 internal constant OUTSCORED = 1;
    uint8 internal constant UNREVEALED = 2;
    uint8 internal constant NOT_CHOSEN = 3;
    uint8 internal constant TASK_CANCELLED = 4;
}

/// @title The task market: escrow, auctions, the single decision, delivery and payment.
interface ITaskMarket {
    /// @notice NEED: a task exists and its escrow holds maxPrice. Agent 0: open to bids. `rules`: the parameters it keeps.
    /// @custom:trigger a client; Workflows for a client
    /// @custom:step Task: -> Created (NEED)
    event TaskCreated(
        uint256 indexed taskId, address indexed client, uint256 indexed agentId, Terms terms, Rules rules
    );
    /// @notice A round of bidding opened; round 2 and later are reopenings with their cause.
    /// @custom:trigger a client; anyone by reopen
    /// @custom:step Task: Created or Vacant -> Bidding
    event BiddingOpened(uint256 indexed taskId, uint16 round, uint8 cause, uint64 commitEnd, uint64 revealEnd);
    /// @notice A sealed bid, bound to agent, task and round.
    /// @custom:trigger an agent
    /// @custom:step Bid: -> Committed
    event BidCommitted(uint256 indexed taskId, uint256 indexed bidId, uint256 indexed agentId, bytes32 commitment);
    /// @notice PROPOSE: a bid stands, with the score that it keeps.
    /// @custom:trigger an agent, by placing or revealing
    /// @custom:step Bid: -> Standing (PROPOSE)
    event BidPlaced(
        uint256 indexed taskId,
        uint256 indexed bidId,
        uint256 indexed agentId,
        uint256 price,
        uint64 eta,
        bytes32 proposalHash,
        uint64 score
    );
    /// @notice A bid was taken back.
    /// @custom:trigger the bidder, first half of an open window
    /// @custom:step Bid: Standing -> Withdrawn
    event BidWithdrawn(uint256 indexed taskId, uint256 indexed bidId);
    /// @notice A bid is out: 1 outscored, 2 never revealed, 3 another was chosen, 4 the task was cancelled.
    /// @custom:trigger a better bid; a match; anyone by forfeitBid; a cancellation
    /// @custom:step Bid: -> Lost
    event BidLost(uint256 indexed taskId, uint256 indexed bidId, uint256 indexed agentId, uint8 cause);
    /// @notice DECIDE: the single match of a round.
    /// @custom:trigger the client by pick; anyone by matchBest; the named agent
    /// @custom:step Task: Bidding -> Matched (DECIDE)
    event TaskMatched(
        uint256 indexed taskId,
        uint256 indexed bidId,
        uint256 indexed agentId,
        uint16 round,
        uint64 startBy,
        uint64 deliverBy
    );
    /// @notice The winner of a round is out: 1 yielded, 2 not started, 3 lapsed, 4 missed. It may not bid here again.
    /// @custom:trigger the agent by yielding; anyone after a passed deadline
    /// @custom:step Task: Matched or Running -> Vacant
    event TaskVacated(uint256 indexed taskId, uint256 indexed agentId, uint16 round, uint8 cause);
    /// @notice The work is delivered; silence until reviewEnd pays it.
    /// @custom:trigger the matched agent
    /// @custom:step Task: Running -> Verifying
    event TaskSubmitted(
        uint256 indexed taskId,
        uint256 indexed agentId,
        bytes32 resultHash,
        bytes32 receiptHash,
        string resultURI,
        uint64 reviewEnd
    );
    /// @notice The work is disputed; no payment until the court has spoken.
    /// @custom:trigger the court, for a challenger
    /// @custom:step Task: Verifying -> Disputed
    event TaskDisputed(uint256 indexed taskId, uint256 indexed disputeId, uint8 kind);
    /// @notice The review ends at another time: 1 the client accepted, 2 a dispute was rejected, 3 withdrawn.
    /// @custom:trigger the client by accepting; the court by rejecting; the challenger by withdrawing
    /// @custom:step Task: Verifying or Disputed -> Verifying
    event TaskReviewSet(uint256 indexed taskId, uint8 cause, uint64 reviewEnd);
    /// @notice FINALIZE: 1 accepted, 2 the review is over, 3 split by the court.
    /// @custom:trigger the client; anyone after the review; the court
    /// @custom:step Task: Verifying or Disputed -> Finalized (FINALIZE)
    event TaskFinalized(uint256 indexed taskId, uint256 indexed agentId, uint8 cause);
    /// @notice 1 by the client, 2 expired, 3 by the court.
    /// @custom:trigger the client before a match; anyone when no match is possible any more; the court
    /// @custom:step Task: -> Cancelled
    event TaskCancelled(uint256 indexed taskId, uint8 cause);

    error UnknownTask(uint256 taskId);
    error WrongState(uint256 taskId, TaskState found);
    error WrongMode(uint256 taskId, Mode found);
    error OnlyClient(uint256 taskId, address caller);
    error OnlyNamedAgent(uint256 taskId, uint256 named, uint256 agentId);

    error UnknownMode(uint8 mode);
    error UnknownVerification(uint8 verification);
    /// @notice A direct task names its agent; an auction names none.
    error AgentAndModeDiffer(uint8 mode, uint256 agentId);
    error ReservedDomain(bytes32 domain);
    error OutsideTerms(bytes32 name, uint256 found, uint256 lowest, uint256 highest);
    error ReputationOutOfRange(int256 minReputation);
    error ExpiresTooSoon(uint64 expiresAt, uint256 earliest);
    /// @notice No task without a court that could judge it.
    error PoolTooSmall(uint256 members, uint256 needed);

    error PriceAboveReserve(uint256 price, uint256 maxPrice);
    error ReputationTooLow(uint256 agentId, int256 found, int256 needed);
    error OwnTask(uint256 taskId, address owner);
    error FailedBefore(uint256 taskId, uint256 agentId);
    error AlreadyBid(uint256 taskId, uint256 agentId);
    error BidTooLow(uint256 taskId, uint64 score);
    error WrongBidState(uint256 bidId, BidState found);
    error WrongReveal(uint256 bidId, bytes32 committed, bytes32 found);
    error NotOnBoard(uint256 taskId, uint256 bidId);
    /// @notice A commitment counts in its own round alone.
    error BidOfAnotherRound(uint256 bidId, uint16 round, uint16 current);
    error NoBid(uint256 taskId);
    error BidsStand(uint256 taskId);
    error LastRound(uint256 taskId, uint16 round);
    error NoTimeLeft(uint256 taskId, uint64 expiresAt, uint256 needed);

    error KindUnknown(uint8 kind);
    error KindAlreadyRuled(uint256 taskId, uint8 kind);
    error WrongDispute(uint256 taskId, uint256 expected, uint256 found);
    error UnknownRuling(uint8 ruling);

    /// @notice Creates a task and locks maxPrice of the caller's credit. `agentId` is 0 unless the mode is direct.
    function createTask(uint256 agentId, Terms calldata terms) external returns (uint256 taskId);

    /// @notice Creates a step of a workflow, paid from `funding`; refunds go there while the workflow is open.
    function createFor(address client, bytes32 funding, uint256 agentId, Terms calldata terms)
        external
        returns (uint256 taskId);

    /// @notice Bids in an open auction, or takes a direct task, which this matches at once.
    function placeBid(uint256 taskId, uint256 agentId, uint256 price, uint64 eta, bytes32 proposalHash)
        external
        returns (uint256 bidId);

    /// @notice Commits to a bid in a sealed auction; see `commitmentOf`.
    function commitBid(uint256 taskId, uint256 agentId, bytes32 commitment) external returns (uint256 bidId);

    /// @notice Opens a commitment in the reveal window of its own round.
    function revealBid(uint256 bidId, uint256 price, uint64 eta, bytes32 proposalHash, bytes32 salt) external;

    /// @notice Takes a bid back, in the first half of an open auction's window.
    function withdrawBid(uint256 bidId) external;

    /// @notice Ends a commitment that was not revealed in time, once: the unrevealed share burns. After a cancellation
    ///         by the client the lock goes back whole.
    function forfeitBid(uint256 bidId) external;

    /// @notice The client of an open auction decides before the window ends.
    function pick(uint256 taskId, uint256 bidId) external;

    /// @notice Decides for the best bid, once the windows are over; anyone.
    function matchBest(uint256 taskId) external;

    /// @notice The client takes the task back before a match.
    function cancel(uint256 taskId) external;

    /// @notice Opens the next round: without a bid, after a yield or a lapse, or when startBy or deliverBy has passed; anyone.
    function reopen(uint256 taskId) external;

    /// @notice Ends the match of an agent that let startBy or deliverBy pass, without opening a round; anyone.
    function vacate(uint256 taskId) external;

    /// @notice Gives the escrow and the bids' locks back once no agent can be found any more before `expiresAt`; anyone.
    ///         The match of an agent that let startBy or deliverBy pass ends with its penalty first.
    function cancelExpired(uint256 taskId) external;

    /// @notice The matched agent gives the task back before it has started; see Bidding.failure for what it pays.
    function yieldMatch(uint256 taskId) external;

    /// @notice Delivers. The same result again does nothing.
    function submit(uint256 taskId, bytes32 resultHash, bytes32 receiptHash, string calldata resultURI) external;

    /// @notice The client is content: pays at once, or (optimistic) as soon as the challenge window is over.
    function accept(uint256 taskId) external;

    /// @notice Pays the agent once the review is over; anyone.
    function finalize(uint256 taskId) external;

    /// @notice The lease started; for WorkLeases.
    function workStarted(uint256 taskId, address actor, uint256 leaseId)
        external
        returns (uint256 agentId, uint32 leaseTtl, uint64 deliverBy);

    /// @notice The lease was given back in time; for WorkLeases.
    function workYielded(uint256 taskId) external;

    /// @notice The lease ran out; for WorkLeases.
    function workLapsed(uint256 taskId) external;

    function taskOf(uint256 taskId) external view returns (Task memory);

    function stateOf(uint256 taskId) external view returns (TaskState);

    /// @notice What a bad receipt is checked against.
    function resultOf(uint256 taskId)
        external
        view
        returns (uint256 agentId, bytes32 specHash, bytes32 resultHash, bytes32 receiptHash);

    /// @notice What a work lease obeys.
    function leaseTermsOf(uint256 taskId) external view returns (uint32 grace, uint64 deliverBy);

    function bidOf(uint256 bidId) external view returns (Bid memory);

    /// @notice The board's words, best first; 0 = no bid.
    function boardOf(uint256 taskId) external view returns (uint256[8] memory);

    function hasFailed(uint256 taskId, uint256 agentId) external view returns (bool);

    function taskCount() external view returns (uint256);

    function bidCount() external view returns (uint256);

    /// @notice keccak256(abi.encode(chainid, market, taskId, round, agentId, price, eta, proposalHash, salt))
    function commitmentOf(
        uint256 taskId,
        uint16 round,
        uint256 agentId,
        uint256 price,
        uint64 eta,
        bytes32 proposalHash,
        bytes32 salt
    ) external view returns (bytes32);
}
