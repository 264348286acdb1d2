// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A bounty. Stored.
/// @param award What one award pays; pool / maxAwards, the dust returns to the sponsor.
/// @param claims How many claims there are; their positions are 1 to this number.
/// @param awarded How many awards are paid.
/// @param decided How many claims are decided (awarded, rejected or released).
/// @param cursor All claims up to this position are decided; moved by payments in turn.
/// @param closed Whether the rest has gone back to the sponsor.
struct Bounty {
    address sponsor;
    uint16 maxAwards;
    uint64 claimEnd;
    uint64 awardEnd;
    uint32 challengeWindow;
    uint16 claims;
    uint16 awarded;
    uint16 decided;
    uint16 cursor;
    bool closed;
    uint256 award;
    bytes32 criteriaHash;
}

/// @notice A claim. Stored.
/// @param status 1 pending, 2 disputed, 3 awarded, 4 rejected, 5 released.
/// @param ruled The court has spoken; it cannot be challenged again.
/// @param halved The court was split; in its turn the claim gets half an award.
/// @param reviewEnd Until when it can be challenged; 0 = awardEnd + challengeWindow of the bounty.
/// @param position Its place in the order of the bounty's claims.
struct BountyClaim {
    uint64 bountyId;
    uint64 agentId;
    uint64 reviewEnd;
    uint16 position;
    uint8 status;
    bool ruled;
    bool halved;
    bytes32 workHash;
}

/// @notice What a sponsor asks for.
struct BountyTerms {
    uint256 pool;
    uint16 maxAwards;
    uint64 claimEnd;
    uint64 awardEnd;
    uint32 challengeWindow;
    bytes32 criteriaHash;
    string uri;
}

/// @title Bounties: a pool, claims with a bond, awards in order; a silent sponsor pays.
/// @notice The sponsor awards whom it likes until awardEnd. Claims that it neither awarded nor challenged are payable in their
///         order once the challenge window after awardEnd has passed. An agent and an owner claim once a bounty.
interface IBounties {
    /// @notice A bounty has its pool.
    /// @custom:trigger the sponsor
    /// @custom:step Bounty: -> Open
    event BountyOpened(
        uint256 indexed bountyId,
        address indexed sponsor,
        uint16 maxAwards,
        uint64 claimEnd,
        uint64 awardEnd,
        uint32 challengeWindow,
        uint256 award,
        bytes32 criteriaHash,
        string uri
    );
    /// @notice An agent claims with a bond.
    /// @custom:trigger an agent
    /// @custom:step Claim: -> Pending
    event BountyClaimed(uint256 indexed bountyId, uint256 indexed claimId, uint256 indexed agentId, bytes32 workHash);
    /// @notice 1 by the sponsor, 2 in its turn, because the sponsor was silent.
    /// @custom:trigger the sponsor; anyone once silence pays
    /// @custom:step Claim: Pending -> Paid
    event BountyAwarded(uint256 indexed bountyId, uint256 indexed claimId, uint8 cause);
    /// @notice The claim is over without an award: 1 rejected by the court (the bond is lost), 2 released (no award was left).
    /// @custom:trigger the court; anyone when no award is left
    /// @custom:step Claim: Pending or Disputed -> Rejected or Released
    event BountyClaimEnded(uint256 indexed bountyId, uint256 indexed claimId, uint8 cause);
    /// @notice A challenge was taken back: the claim can be challenged, and is not payable, until reviewEnd.
    /// @custom:trigger the court
    /// @custom:step Claim: Disputed -> Pending
    event BountyClaimReviewSet(uint256 indexed bountyId, uint256 indexed claimId, uint64 reviewEnd);
    /// @notice 1 nobody claimed, 2 all awards paid, 3 all claims decided.
    /// @custom:trigger anyone
    /// @custom:step Bounty: Open -> Closed
    event BountyClosed(uint256 indexed bountyId, uint8 cause);

    error PoolOutOfBounds(uint256 pool, uint256 lowest, uint256 highest);
    error AwardsOutOfBounds(uint16 maxAwards, uint256 highest);
    error ClaimEndOutOfBounds(uint64 claimEnd, uint64 earliest, uint64 latest);
    error AwardEndOutOfBounds(uint64 awardEnd, uint64 earliest, uint64 latest);
    error WindowOutOfBounds(uint32 window, uint32 lowest, uint32 highest);
    error UnknownBounty(uint256 bountyId);
    error BountyIsClosed(uint256 bountyId);
    error OnlySponsor(uint256 bountyId, address caller);
    error SponsorCannotClaim(uint256 bountyId, address owner);
    error ClaimedAlready(uint256 bountyId, uint256 claimId);
    error TooManyClaims(uint256 bountyId, uint256 limit);
    error WrongStatus(uint256 claimId, uint8 status);
    error NoAwardLeft(uint256 bountyId);
    error AwardsLeft(uint256 bountyId, uint256 left);
    /// @notice The awards that are left are no more than the undecided claims before this one.
    error NotItsTurn(uint256 claimId, uint256 firstClaimId);
    error ClaimsUndecided(uint256 bountyId, uint256 undecided);
    error OnlyDisputes(address caller);
    error WrongKind(uint8 kind, uint8 expected);
    error AlreadyRuled(uint256 claimId);

    /// @notice Opens a bounty from the caller's credit account.
    function openBounty(BountyTerms calldata terms) external returns (uint256 bountyId);

    /// @notice Claims with a bond out of the agent's stake, before claimEnd.
    function claim(uint256 bountyId, uint256 agentId, bytes32 workHash) external returns (uint256 claimId);

    /// @notice Pays an award at once, in any order; for the sponsor, before awardEnd.
    function award(uint256 claimId) external;

    /// @notice Pays a claim once nobody can challenge it any more, if the awards left are enough for every undecided claim before it
    ///         too: a dispute over one holds nobody else while there are awards for both. For anyone.
    function payClaim(uint256 claimId) external;

    /// @notice Gives the bond of a pending claim back when no award is left; for anyone.
    function releaseClaim(uint256 claimId) external;

    /// @notice Returns the rest to the sponsor when nobody claimed by claimEnd, or every award is paid, or every claim decided;
    ///         for anyone.
    function closeBounty(uint256 bountyId) external;

    function bountyOf(uint256 bountyId) external view returns (Bounty memory);

    function claimOf(uint256 claimId) external view returns (BountyClaim memory);

    /// @notice The claim at a position, counted from 1.
    function claimAt(uint256 bountyId, uint256 position) external view returns (uint256 claimId);

    /// @notice The claims of an agent and of an owner; 0 = none.
    function claimsBy(uint256 bountyId, uint256 agentId, address owner)
        external
        view
        returns (uint256 ofAgent, uint256 ofOwner);

    /// @notice When an unchallenged claim becomes payable.
    function payableFrom(uint256 claimId) external view returns (uint64);

    /// @notice max(10 credits, 20 % of the award).
    function claimBond(uint256 awardAmount) external pure returns (uint256);

    function bountyCount() external view returns (uint256);

    function claimCount() external view returns (uint256);
}
