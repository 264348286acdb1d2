// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A member of the pool.
/// @param place Its slot + 1; 0 = not a member.
/// @param lastActive When it last joined or voted; 0 = it missed its last seat.
/// @param attested Whether its leaf stands in the tree of the attested.
/// @param minimum The minimum stake that it joined under.
struct Member {
    uint32 place;
    uint64 lastActive;
    bool attested;
    uint128 minimum;
}

/// @notice What a draw asks of a member, in two words by its slot. The owner cannot change while it is a member.
/// @param organisation The low 104 bits of keccak256(organisation key), 0 for none; `network` likewise.
/// @param attestedUntil Until when both count.
struct Leaf {
    address owner;
    uint48 verifierId;
    uint48 ownerSince;
    uint104 organisation;
    uint104 network;
    uint48 attestedUntil;
}

/// @notice What attesters say about an agent. Expired or absent keys count as none.
struct Attestation {
    bytes32 orgKey;
    bytes32 asnKey;
    uint64 validUntil;
    address attester;
}

/// @notice Who is to be drawn: how many, who can afford a seat, and who must not sit.
/// @param challengerId 0 = the principal itself challenges.
/// @param principal The client, data owner, sponsor or poster.
struct Lot {
    uint256 seats;
    uint256 seatBond;
    uint256 challengerId;
    uint256 respondentId;
    address principal;
}

/// @title The pool from which panels are drawn: two sum trees of weights, attestations, and the freeze around a seed.
interface IVerifierPool {
    /// @notice The diversity key is the organisation key when attested, else the owner's address.
    /// @custom:trigger an agent with enough stake
    /// @custom:step Verifier: -> Joined
    event VerifierJoined(bytes32 indexed poolId, uint256 indexed verifierId, bytes32 diversityKey);
    /// @notice Cause: 1 left, 2 idle, 3 below the minimum stake, 4 absent from a panel, 5 gave way to a heavier one in a full pool
    ///         (4 and 5 since 1.1). The last slot's member moves into the freed slot.
    /// @custom:trigger the verifier; anyone for an idle, absent or too poor one; a heavier newcomer
    /// @custom:step Verifier: Joined -> Left
    event VerifierLeft(bytes32 indexed poolId, uint256 indexed verifierId, uint8 cause);
    /// @notice An attester names a verifier's organisation and network.
    /// @custom:trigger a holder of ATTESTER_ROLE
    /// @custom:step Verifier: keys
    event VerifierAttested(
        uint256 indexed verifierId, address indexed attester, bytes32 orgKey, bytes32 asnKey, uint64 validUntil
    );
    /// @notice A leaf as it stands now. In a freeze only `lastActive` moves. Since 1.1 it is 0 after a missed seat, until the next
    ///         vote.
    /// @custom:trigger joining, voting or not voting, anyone by refreshWeight
    /// @custom:step Verifier: weight
    /// @custom:kinds weight wide
    event VerifierWeightSet(
        bytes32 indexed poolId, uint256 indexed verifierId, uint32 slot, uint256 weight, uint64 lastActive
    );
    /// @notice How many rounds wait for this seed block now; the pool is frozen from it while this is not 0.
    /// @custom:trigger the court and checkpoints
    /// @custom:step Pool: frozen while not 0
    event SeedAwaited(uint256 indexed seedBlock, uint256 waiting);
    /// @notice Beside VerifierJoined: whose the leaf is, since when, and the minimum stake that holds for this member.
    /// @custom:trigger an agent with enough stake
    /// @custom:step Verifier: -> Joined
    event VerifierAdmitted(
        bytes32 indexed poolId,
        uint256 indexed verifierId,
        address indexed owner,
        uint64 ownerSince,
        uint256 minimumStake
    );
    /// @notice The leaf stands in the tree of the attested, or no longer. A member begins among the unattested.
    /// @custom:trigger joining, voting, an attester, anyone by refreshWeight
    /// @custom:step Verifier: tree
    event VerifierTreeSet(bytes32 indexed poolId, uint256 indexed verifierId, bool attested);

    /// @notice The pool stands still until this block, for a round waits for its seed.
    error PoolFrozen(uint256 until);
    error AlreadyMember(uint256 verifierId);
    error NotMember(uint256 verifierId);
    /// @notice Every slot is taken; a heavier agent may displace a lighter one.
    error PoolFull(uint256 slots);
    error PoolNotFull(uint256 members);
    error OwnerHasLeaf(address owner, uint256 verifierId);
    error NotHeavier(uint256 verifierId, uint256 memberId);
    error StakeTooLow(uint256 verifierId, uint256 found, uint256 needed);
    error SeatsOpen(uint256 verifierId, uint256 seats);
    error SignaturesOpen(uint256 verifierId, uint256 signatures);
    /// @notice Neither idle for three half-lives nor below its minimum stake nor absent from its last seat.
    error StillFit(uint256 verifierId);
    error KeysMissing(uint256 verifierId);
    error ValidTooLong(uint64 validUntil, uint64 latest);
    error NobodyWaits(uint256 seedBlock);

    /// @notice An agent enters the pool and can be drawn; it cannot be transferred while it is in. An owner has one leaf.
    function join(uint256 verifierId) external;

    /// @notice An agent enters a full pool in the place of a lighter member, which leaves; attested agents come before others.
    ///         The caller names the member: whoever is lighter gives way, the lightest need not be sought on chain.
    function displace(uint256 verifierId, uint256 lighterId) external;

    /// @notice An agent goes, unless it has an open seat.
    function leave(uint256 verifierId) external;

    /// @notice Writes a leaf anew from stake, reputation and activity; anyone.
    function refreshWeight(uint256 verifierId) external;

    /// @notice Removes a member that was idle for three half-lives, is below its minimum stake or missed its last seat; anyone,
    ///         for a fee of 1 credit from that member's stake.
    function evict(uint256 verifierId) external;

    /// @notice Names an agent's organisation and network; for holders of ATTESTER_ROLE, for at most 180 days.
    ///         A `validUntil` that has passed takes the attestation back.
    function attest(uint256 verifierId, bytes32 orgKey, bytes32 asnKey, uint64 validUntil) external;

    /// @notice A round waits for a seed; for modules. Answers its block.
    function awaitSeed() external returns (uint64 seedBlock);

    /// @notice The round waits no longer; for modules.
    function stopAwaiting(uint64 seedBlock) external;

    /// @notice A verifier voted: it is active, and outside a freeze its leaf is written anew; for modules.
    function touch(uint256 verifierId) external;

    /// @notice A verifier did not vote in its seat: it counts as never active until it votes again, and may be evicted; for
    ///         Disputes. Its leaf stays as it is.
    function missed(uint256 verifierId) external;

    /// @notice The panel that a seed draws: successive sampling by weight, without replacement and without relatives. Fewer than
    ///         asked for when the tries find no more.
    function draw(bytes32 seed, Lot calldata lot) external view returns (uint256[] memory verifierIds);

    /// @notice Reverts while the pool is frozen.
    function requireThawed() external view;

    /// @notice Whether two agents have the same owner or organisation.
    function related(uint256 agentId, uint256 otherId) external view returns (bool);

    /// @notice Whether the bootstrap is over: 15 attested verifiers of 15 organisations have joined once.
    function bootstrapped() external view returns (bool);

    /// @notice How many verifiers the pool has.
    function memberCount() external view returns (uint256);
    function isMember(uint256 verifierId) external view returns (bool);
    function memberOf(uint256 verifierId) external view returns (Member memory);
    function verifierAt(uint256 slot) external view returns (uint256);
    function leafAt(uint256 slot) external view returns (Leaf memory);

    /// @notice The member that belongs to an owner; 0 = none.
    function leafOf(address owner) external view returns (uint256 verifierId);
    function weightOf(uint256 verifierId) external view returns (uint256);
    function totalWeight() external view returns (uint256);

    /// @notice The weight of the leaves in the tree of the attested.
    function attestedWeight() external view returns (uint256);

    /// @notice What the leaf would weigh if it were written now.
    function weightNow(uint256 verifierId) external view returns (uint256);
    function attestationOf(uint256 verifierId) external view returns (Attestation memory);

    /// @notice The keys in force: zero when unattested or expired.
    function keysOf(uint256 verifierId) external view returns (bytes32 orgKey, bytes32 asnKey);

    function organisationCount() external view returns (uint256);
    function hasJoined(bytes32 orgKey) external view returns (bool);
    function waitingFor(uint256 seedBlock) external view returns (uint256);

    /// @notice The block at which the pool thaws; 0 = it is not frozen.
    function frozenUntil() external view returns (uint256);
}
