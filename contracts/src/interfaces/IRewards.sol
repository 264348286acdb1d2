// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The root of an era. Stored; a root that was not accepted gives its place to the next one.
/// @param status 0 none, 1 posted, 2 disputed, 3 accepted, 4 not accepted (anyone may post anew).
/// @param ruled The court has confirmed the root; it cannot be challenged again.
/// @param posting Which posting for this era it is; names its pledge.
/// @param finalAt From here on unchallenged roots settle.
/// @param vestStart When the pool moved; vesting counts from here.
/// @param vestEnd When everything is vested.
/// @param bond The poster's pledge as posted.
/// @param total The sum of all rewards in the tree.
struct EraRoot {
    uint8 status;
    bool ruled;
    uint16 posting;
    uint64 finalAt;
    uint64 vestStart;
    uint64 posterId;
    uint64 vestEnd;
    uint256 bond;
    uint256 total;
    bytes32 root;
}

/// @title Era rewards: a bonded Merkle root of the 100 best, challengeable, claimed by proof, vested.
/// @notice Era n is the n-th week of the timestamp (n = time / 7 days). A leaf is
///         keccak256(bytes.concat(keccak256(abi.encode(era, index, agentId, amount)))), pairs sorted. What has been granted and
///         not yet paid stands in the Vault's account reward(era, agent); reward(era, 0) is the pool.
interface IRewards {
    /// @notice Who earned what in an era, as a Merkle root with a bond.
    /// @custom:trigger an agent as poster
    /// @custom:step Era: -> Posted
    /// @custom:kinds era count
    event EraRootPosted(uint256 indexed era, bytes32 root, uint256 total, uint256 indexed posterId, uint64 finalAt);
    /// @notice The pool moved and vests from vestStart to vestEnd (accepted), or the era waits for another root.
    /// @custom:trigger anyone from finalAt; the court
    /// @custom:step Era: Posted -> Accepted or Open
    /// @custom:kinds era count
    event EraRootSettled(uint256 indexed era, bool accepted, uint64 vestStart, uint64 vestEnd);
    /// @notice An agent's reward begins to vest.
    /// @custom:trigger anyone with the proof
    /// @custom:step Reward: -> Vesting
    /// @custom:kinds era count
    event RewardGranted(uint256 indexed era, uint256 indexed agentId, uint256 amount, uint64 vestStart, uint64 vestEnd);

    error EraNotOver(uint256 era, uint256 endsAt, uint256 time);
    /// @notice The era is before the deployment's, or no era at all.
    error EraOutOfBounds(uint256 era);
    error WrongStatus(uint256 era, uint8 status);
    error ZeroRoot();
    error TotalOutOfBounds(uint256 total, uint256 highest);
    /// @notice Roots settled in this week have taken its pool; the era settles in a later week.
    error WeekIsSpent(uint256 era, uint256 week, uint256 paid, uint256 highest);
    error OnlyDisputes(address caller);
    error WrongKind(uint8 kind, uint8 expected);
    error AlreadyRuled(uint256 era);
    /// @notice An era has no client: agents challenge it.
    error NoPrincipal(uint256 era);
    error IndexOutOfBounds(uint256 index, uint256 limit);
    error WrongProof(uint256 era, uint256 index, uint256 agentId, uint256 amount);
    error AlreadyGranted(uint256 era, uint256 agentId);
    error NothingVested(uint256 era, uint256 agentId);
    error NothingLeft(uint256 era);

    /// @notice Posts the root of a past era, the deployment's or a later one, with a bond out of the poster's stake:
    ///         checkpointBond, at least the total.
    function postRoot(uint256 era, bytes32 root, uint256 total, uint256 posterId) external;

    /// @notice After finalAt, unchallenged: moves the pool once and returns the bond; for anyone. If the treasury no longer has
    ///         the total, the root is not accepted and the bond returns all the same. What settles in one week stays within
    ///         eraPool, or is one root alone.
    function settleEra(uint256 era) external;

    /// @notice Grants an agent what the tree says; for anyone, within 365 days.
    function claim(uint256 era, uint256 index, uint256 agentId, uint256 amount, bytes32[] calldata proof) external;

    /// @notice Pays what has vested to the agent's owner; for anyone.
    function release(uint256 era, uint256 agentId) external returns (uint256 paid);

    /// @notice 365 days after the pool moved: what nobody claimed returns to the treasury; for anyone.
    function sweepEra(uint256 era) external;

    function eraOf(uint256 era) external view returns (EraRoot memory);

    /// @notice The era that a time belongs to.
    function eraAt(uint64 time) external pure returns (uint256);

    /// @notice The era of the deployment: the first that a root can be posted for.
    function firstEra() external view returns (uint256);

    /// @notice What the roots settled in a week (time / 7 days) gave in all.
    function paidIn(uint256 week) external view returns (uint256);

    /// @notice The most that a root posted now may give: eraPool, and never over 1 % of the treasury.
    function poolNow() external view returns (uint256);

    /// @notice The account that holds the bond of the era's present root.
    function pledgeOf(uint256 era) external view returns (bytes32);

    function grantOf(uint256 era, uint256 agentId) external view returns (uint256 amount);

    /// @notice What `release` would pay now.
    function vestedOf(uint256 era, uint256 agentId) external view returns (uint256);
}
