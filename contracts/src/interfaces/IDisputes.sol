// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Delivery } from "../libraries/Receipts.sol";
import { Challenge } from "./IDisputable.sol";

/// @notice Where a dispute stands.
enum Phase {
    NONE,
    EVIDENCE,
    DRAW,
    VOTING,
    APPEAL,
    SETTLED
}

/// @notice What a dispute keeps as it was at its opening, whatever the parameters become.
/// @param principal The client, data owner, sponsor or poster; the challenger when challengerId is 0.
/// @param strikes The respondent's: the first panel stands that much higher on the ladder, as far as the pool can seat it.
/// @param pledge The account that the respondent's bond came from.
/// @param bond B, put up by each side; an appeal into round r costs B * 2^(r - 1).
/// @param minSeat 0 since revision 1.1: a seat locks min(maxSeat, B_r / n), so that a panel never locks more than B_r.
struct CourtTerms {
    address principal;
    bool deterministic;
    uint8 strikes;
    bytes32 pledge;
    uint128 bond;
    uint128 minSeat;
    uint128 maxSeat;
    uint32 commitWindow;
    uint32 revealWindow;
    uint32 appealWindow;
    uint32 drawWindow;
    uint16 absentSlash;
    uint16 incoherentSlash;
    uint16 withdrawCut;
}

/// @notice A dispute as it is kept, with its CourtTerms, in six words. `ruling` and `outcome` are those of the last attempt
///         that ruled, `attempt` counts those of its round. Each side has put up `bond` and its appeals (who proves: nothing).
struct Dispute {
    uint8 kind;
    Phase phase;
    uint8 round;
    uint8 attempt;
    uint8 ruling;
    uint8 outcome;
    uint8 cause;
    uint64 challengerId;
    uint64 respondentId;
    uint64 evidenceEnd;
    address principal;
    bool deterministic;
    uint8 strikes;
    uint16 absentSlash;
    uint16 incoherentSlash;
    uint16 withdrawCut;
    bytes32 pledge;
    uint128 bond;
    uint128 maxSeat;
    uint32 commitWindow;
    uint32 revealWindow;
    uint32 appealWindow;
    uint32 drawWindow;
    uint64 appealEnd;
    uint64 subjectId;
    uint128 appealedByChallenger;
    uint128 appealedByRespondent;
}

/// @notice One attempt of one round. `outcome` 0: not resolved yet. commitEnd, revealEnd and seatBond 0: no panel yet.
/// @param previous The attempt of the round before that ruled.
/// @param reseeded Whether a seed block went by without a panel.
struct Round {
    uint16 panelSize;
    uint16 quorum;
    uint16 reveals;
    uint8 outcome;
    uint8 ruling;
    uint8 appellant;
    uint8 previous;
    bool reseeded;
    uint64 seedBlock;
    uint64 drawBy;
    uint64 commitEnd;
    uint64 revealEnd;
    uint128 seatBond;
}

/// @notice A drawn verifier's seat, in one word. Choice 0: not revealed. Of the commitment 184 bits are kept: who would open
///         it in two ways has to find two equal ones, 2^92 hashes, while the votes are hidden.
struct Seat {
    uint64 verifierId;
    uint8 choice;
    bytes23 commitment;
}

/// @notice A party's contribution to a seed. Whoever commits and does not reveal loses the case.
struct Contribution {
    bytes32 commitment;
    bytes32 secret;
    bool revealed;
}

/// @notice The words of the court. Stored; never renumber.
library Court {
    uint8 internal constant REJECT = 1;
    uint8 internal constant UPHOLD = 2;
    uint8 internal constant SPLIT = 3;

    uint8 internal constant MAJORITY = 1;
    uint8 internal constant TIE = 2;
    uint8 internal constant NO_QUORUM = 3;
    uint8 internal constant NO_PANEL = 4;

    uint8 internal constant RULED = 1;
    uint8 internal constant WITHDRAWN = 2;
    uint8 internal constant CONCEDED = 3;
    uint8 internal constant PROVEN = 4;
    uint8 internal constant UNDECIDED = 5;
    uint8 internal constant FORFEITED = 6;
    uint8 internal constant ABANDONED = 7;

    uint8 internal constant CHALLENGER = 1;
    uint8 internal constant RESPONDENT = 2;

    uint8 internal constant BAD_RECEIPT = 2;
    uint8 internal constant WRONG_CHECKPOINT = 6;
}

/// @title The court's clerk: what a new dispute keeps, and whether a proof holds. Reads only.
interface IClerk {
    /// @notice What a dispute of this challenge keeps for its whole life.
    function termsFor(Challenge calldata found) external view returns (CourtTerms memory);

    /// @notice Whether a bad receipt (kind 2) is proven; see Receipts.
    function proves(uint256 taskId, bytes calldata proof) external view returns (bool);

    /// @notice What an agent signs for a delivery: EIP-712, domain "EventSourced Court", version "1", this contract.
    function deliveryDigestOf(Delivery memory delivery) external view returns (bytes32);
}

/// @title The court: bonds, panels drawn by lot, commit and reveal, appeals, and one settlement that sums to zero.
interface IDisputes {
    /// @notice The subject is `kind of its account (8 bits) || its id`: task, lease, checkpoint, reward (era), bounty (claim).
    ///         Challenger 0 = the subject's principal.
    /// @custom:trigger a challenger
    /// @custom:step Dispute: -> Evidence; subject: -> Disputed
    event DisputeOpened(
        uint256 indexed disputeId,
        bytes32 indexed subject,
        uint256 indexed challengerId,
        uint256 respondentId,
        uint8 kind,
        bytes32 claimHash,
        uint64 evidenceEnd
    );
    /// @notice What the dispute keeps, emitted together with its opening.
    /// @custom:trigger a challenger
    /// @custom:step Dispute: -> Evidence
    event DisputeBonded(uint256 indexed disputeId, CourtTerms terms);
    /// @notice ERC-1497 (Kleros).
    /// @custom:trigger a party of the dispute
    /// @custom:step Dispute: Evidence
    event Evidence(uint256 indexed disputeId, address indexed party, string evidence);
    /// @notice A round waits for its seed block; again with the same round: reseed or redraw. The same attempt again: its
    ///         seed block went by without a full panel. Another attempt: the last one had no quorum (a panel as large again)
    ///         or no panel until drawBy (the next smaller one).
    /// @custom:trigger anyone after evidenceEnd; an appellant; anyone by reseed, by a draw that comes short, by resolveRound
    /// @custom:step Dispute: Evidence or Appeal or Draw -> Draw
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
    /// @notice The party is the side's owner (or the principal), whoever acted for it.
    /// @custom:trigger the owner of a side
    /// @custom:step Dispute: Draw
    event SeedCommitted(
        uint256 indexed disputeId, uint8 round, uint8 attempt, address indexed party, bytes32 commitment
    );
    /// @notice A party's secret was revealed.
    /// @custom:trigger whoever knows the secret
    /// @custom:step Dispute: Draw
    event SeedRevealed(uint256 indexed disputeId, uint8 round, uint8 attempt, address indexed party, bytes32 secret);
    /// @notice The panel, in the order of its seats; always a full one.
    /// @custom:trigger anyone once the seed block exists
    /// @custom:step Dispute: Draw -> Voting
    event PanelDrawn(
        uint256 indexed disputeId,
        uint8 round,
        uint8 attempt,
        bytes32 seed,
        uint256[] verifierIds,
        uint64 commitEnd,
        uint64 revealEnd
    );
    /// @notice A seat's vote, hidden.
    /// @custom:trigger a seated verifier
    /// @custom:step Dispute: Voting
    event VoteCommitted(
        uint256 indexed disputeId, uint8 round, uint8 attempt, uint256 indexed verifierId, bytes32 commitment
    );
    /// @notice A seat's vote, open.
    /// @custom:trigger a seated verifier
    /// @custom:step Dispute: Voting
    event VoteRevealed(
        uint256 indexed disputeId,
        uint8 round,
        uint8 attempt,
        uint256 indexed verifierId,
        uint8 choice,
        bytes32 justificationHash
    );
    /// @notice Outcome: 1 majority, 2 tie, 3 no quorum, 4 no panel. Ruling 0: this attempt did not rule.
    ///         appealEnd 0: another attempt follows, always so after 3 and 4 (revision 1.0 ruled 3 after the second).
    /// @custom:trigger anyone
    /// @custom:step Dispute: Voting or Draw -> Appeal or Draw
    event RoundResolved(
        uint256 indexed disputeId, uint8 round, uint8 attempt, uint8 ruling, uint8 outcome, uint64 appealEnd
    );
    /// @notice Cause: 1 court, 2 withdrawn, 3 conceded, 4 proven, 5 no quorum (revision 1.0 alone), 6 the losing side withheld
    ///         its secret, 7 both sides did (ruling 2, and the challenger has lost as well).
    /// @custom:trigger anyone after appealEnd; the challenger by withdrawal; the respondent by concession; anyone by a draw
    /// @custom:step Dispute: -> Settled
    event DisputeSettled(uint256 indexed disputeId, uint8 ruling, uint8 cause);

    error UnknownDispute(uint256 disputeId);
    error UnknownKind(uint8 kind);
    error WrongPhase(uint256 disputeId, Phase found, Phase needed);
    /// @notice Kind 2 is proven, every other kind is judged.
    error WrongWay(uint8 kind);
    error NotProven(uint256 taskId);
    /// @notice The challenger has the same owner or organisation as the respondent.
    error RelatedParties(uint256 challengerId, uint256 respondentId);
    error NotParty(uint256 disputeId, uint8 side, address caller);
    error UnknownSide(uint8 side);
    /// @notice Too early or too late, counted in blocks: allowed from `from` until before `until`.
    error OutsideBlocks(uint256 from, uint256 until, uint256 found);
    error SeedHashGone(uint64 seedBlock);
    error AlreadyCommitted(uint256 disputeId, uint256 who);
    error NotCommitted(uint256 disputeId, uint256 who);
    error AlreadyRevealed(uint256 disputeId, uint256 who);
    error WrongSecret(bytes32 committed, bytes32 found);
    error ZeroCommitment();
    error NotOnPanel(uint256 disputeId, uint256 verifierId);
    error UnknownChoice(uint8 choice);
    error NothingToAppeal(uint256 disputeId, uint8 side, uint8 ruling);
    error LastRound(uint256 disputeId, uint8 round);
    /// @notice Withdrawal and concession are for the time before the first seed block: from it on a panel can be foreseen.
    error SeedIsDue(uint256 disputeId, uint64 seedBlock);
    /// @notice A panel of three never gives way: the dispute waits until three members can sit.
    error DisputeHeld(uint256 disputeId);

    /// @notice Challenges a subject; locks B of the caller's credit and B of the respondent's pledge.
    /// @param challengerId The caller's agent; 0 = the caller is the subject's principal.
    function open(uint8 kind, uint256 subjectId, uint256 challengerId, bytes32 claimHash)
        external
        returns (uint256 disputeId);

    /// @notice Proves a bad receipt (kind 2) and settles in the same call; see Receipts for the proofs.
    function prove(uint256 taskId, uint256 challengerId, bytes calldata proof) external returns (uint256 disputeId);

    /// @notice A party says its word, until evidenceEnd.
    function submitEvidence(uint256 disputeId, uint8 side, string calldata evidence) external;

    /// @notice Starts round 1 once the evidence is in; anyone.
    function startRound(uint256 disputeId) external;

    /// @notice The owner of a side (or the principal) commits keccak256(secret) before the seed block. Withholding loses.
    function commitSeed(uint256 disputeId, uint8 side, bytes32 commitment) external;

    /// @notice Reveals a side's secret within 16 blocks after the seed block; whoever knows it.
    function revealSeed(uint256 disputeId, uint8 side, bytes32 secret) external;

    /// @notice Draws the panel from the seed, for a fee; anyone. A panel that is not full waits for a later seed. A side that
    ///         withheld its secret loses the case instead.
    function draw(uint256 disputeId) external;

    /// @notice Names a later seed block when the window passed without a draw; anyone. A withheld secret loses the case here too.
    function reseed(uint256 disputeId) external;

    /// @notice A verifier commits its vote; see `voteCommitmentOf`.
    function commitVote(uint256 disputeId, uint256 verifierId, bytes32 commitment) external;

    function revealVote(uint256 disputeId, uint256 verifierId, uint8 choice, bytes32 salt, bytes32 justificationHash)
        external;

    /// @notice Counts the votes when all are revealed or the time is over; anyone. Without a quorum the absent are slashed at
    ///         once and a fresh panel is drawn. A panel that was not filled until drawBy gives way to the next smaller one.
    function resolveRound(uint256 disputeId) external;

    /// @notice The side that the ruling went against (either after a split) asks a larger panel.
    function appeal(uint256 disputeId, uint8 side) external;

    /// @notice Pays everybody, once no appeal is possible any more; anyone, for a fee.
    function settle(uint256 disputeId) external;

    /// @notice The challenger takes its challenge back, before the first seed block.
    function withdraw(uint256 disputeId) external;

    /// @notice The respondent's owner admits, before the first seed block: an operator cannot give bond and price away.
    function concede(uint256 disputeId) external;

    function disputeOf(uint256 disputeId) external view returns (Dispute memory);
    function roundOf(uint256 disputeId, uint8 round, uint8 attempt) external view returns (Round memory);
    function seatsOf(uint256 disputeId, uint8 round, uint8 attempt) external view returns (Seat[] memory);
    function contributionOf(uint256 disputeId, uint8 round, uint8 attempt, uint64 seedBlock, uint8 side)
        external
        view
        returns (Contribution memory);
    function disputeCount() external view returns (uint256);
    function clerk() external view returns (IClerk);

    /// @notice How many seats of unsettled disputes the verifier has.
    function openSeatsOf(uint256 verifierId) external view returns (uint256);

    /// @notice keccak256(abi.encode(chainid, court, disputeId, round, attempt, verifierId, choice, salt))
    function voteCommitmentOf(
        uint256 disputeId,
        uint8 round,
        uint8 attempt,
        uint256 verifierId,
        uint8 choice,
        bytes32 salt
    ) external view returns (bytes32);
}
