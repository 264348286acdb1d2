// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What may be done with a dataset, as its owner last said it.
struct Dataset {
    uint64 ownerAgentId;
    uint32 version;
    uint64 since;
    uint64 budget;
    uint64 spent;
    bytes32 manifestHash;
}

/// @notice Requested: price and deposit are locked. Active: granted. Ended: only the deposit is left, for disputes.
enum LeaseState {
    NONE,
    REQUESTED,
    ACTIVE,
    ENDED,
    CLOSED
}

/// @notice A lease as it is kept.
/// @param version The version of the manifest under which it was asked for.
/// @param leastBps The part of the price that the owner keeps at least when the grantee leaves or breaches.
struct DataLease {
    LeaseState state;
    bool ruled;
    uint8 cause;
    uint16 feeBps;
    uint16 leastBps;
    uint32 version;
    uint64 granteeId;
    uint64 requestUntil;
    uint64 start;
    uint64 ttl;
    uint64 endedAt;
    uint64 disputeId;
    uint128 price;
    uint128 deposit;
    bytes32 datasetId;
}

/// @notice A renewal that the owner has not granted yet; its money is locked. ttl 0: none.
struct Renewal {
    uint64 ttl;
    uint64 requestUntil;
    uint128 price;
}

/// @title Data leases: consented, priced, purposeful and revocable access to a dataset.
interface IDataLeases {
    /// @notice The owner's consent, by hash.
    /// @custom:trigger the dataset's owner
    /// @custom:step Dataset: manifest version + 1
    event ConsentManifestSet(
        bytes32 indexed datasetId, uint256 indexed ownerAgentId, bytes32 manifestHash, uint32 version, string uri
    );
    /// @notice The grantee locked a price for `ttl` and a deposit.
    /// @custom:trigger an agent as grantee
    /// @custom:step Data lease: -> Requested
    event DataLeaseRequested(
        uint256 indexed leaseId,
        bytes32 indexed datasetId,
        uint256 indexed granteeId,
        bytes32 purposeHash,
        uint64 ttl,
        uint64 requestUntil,
        uint256 price,
        uint256 deposit,
        uint16 feeBps
    );
    /// @notice What of the price is the owner's at least, once it granted, when the grantee leaves early or breaches.
    /// @custom:trigger an agent as grantee
    /// @custom:step Data lease: Requested, with its least charge
    event DataLeaseLeastSet(uint256 indexed leaseId, uint16 leastBps);
    /// @notice A renewal was not granted: 1 taken back by the grantee, 2 refused by the owner, 3 left unanswered.
    /// @custom:trigger the grantee, the owner, anyone from requestUntil
    /// @custom:step Data lease: Active, no renewal asked for
    event DataLeaseRenewalEnded(uint256 indexed leaseId, uint8 cause);
    /// @notice The grantee locked a price for more time, and what the deposit lacked.
    /// @custom:trigger the grantee
    /// @custom:step Data lease: Active, renewal asked for
    event DataLeaseRenewalRequested(
        uint256 indexed leaseId, uint64 ttl, uint64 requestUntil, uint256 price, uint256 deposit
    );
    /// @notice The owner granted under a manifest; again for the same lease = renewal.
    /// @custom:trigger the dataset's owner
    /// @custom:step Data lease: Requested -> Active, or renewed
    event DataLeaseGranted(uint256 indexed leaseId, bytes32 manifestHash, uint64 expiresAt);
    /// @notice 1 denied, 2 revoked, 3 released, 4 expired, 5 superseded by a new manifest, 6 breach, 7 split by the court.
    /// @custom:trigger owner, grantee, anyone after the end, the court
    /// @custom:step Data lease: Requested or Active -> Ended
    event DataLeaseEnded(uint256 indexed leaseId, uint8 cause, bytes32 evidenceHash);
    /// @notice A breach of consent is claimed.
    /// @custom:trigger the court, for the data's owner
    /// @custom:step Data lease: Active or Ended -> Disputed
    event DataLeaseDisputed(uint256 indexed leaseId, uint256 indexed disputeId);
    /// @notice The court rejected the breach (ruled), or the owner took its challenge back.
    /// @custom:trigger the court; the owner by withdrawal
    /// @custom:step Data lease: Disputed -> as before
    event DataLeaseCleared(uint256 indexed leaseId, bool ruled);
    /// @notice Nothing of the lease is left: its deposit is paid out.
    /// @custom:trigger anyone, seven days after the end; the court
    /// @custom:step Data lease: Ended -> Closed
    event DataLeaseClosed(uint256 indexed leaseId);
    /// @notice How much privacy the dataset may spend in all.
    /// @custom:trigger the dataset's owner
    /// @custom:step Dataset: privacy budget
    event PrivacyBudgetSet(bytes32 indexed datasetId, uint64 microEpsilon);
    /// @notice A use spent privacy; over the budget it would have been refused.
    /// @custom:trigger the lease's parties
    /// @custom:step Dataset: privacy spent grows
    event PrivacySpent(bytes32 indexed datasetId, uint256 indexed leaseId, uint64 microEpsilon, uint64 cumulative);

    error UnknownDataset(bytes32 datasetId);
    error OnlyDataOwner(bytes32 datasetId, address caller);
    error WrongLeaseState(uint256 leaseId, LeaseState found);
    error OutsideTerms(bytes32 name, uint256 found, uint256 lowest, uint256 highest);
    error Superseded(uint256 leaseId, uint64 at);
    error ZeroManifest();
    /// @notice The grantee asks under a manifest that is not the present one.
    error OtherManifest(bytes32 datasetId, bytes32 present);
    error NoRenewal(uint256 leaseId);
    error RenewalPending(uint256 leaseId);
    error BudgetExceeded(bytes32 datasetId, uint256 wanted, uint256 budget);
    error UnderDispute(uint256 leaseId, uint256 disputeId);
    error WrongKind(uint8 kind);
    error AlreadyRuled(uint256 leaseId);

    /// @notice Publishes or replaces the consent of a dataset; a new version ends every lease under an older one.
    function setManifest(uint256 ownerAgentId, bytes32 name, bytes32 manifestHash, string calldata uri)
        external
        returns (bytes32 datasetId);

    /// @notice Sets how much privacy may be spent on a dataset, in micro-epsilon.
    function setBudget(bytes32 datasetId, uint64 microEpsilon) external;

    /// @notice Asks for a lease under a manifest; locks the price and max(10 credits, price / 5) of the caller's credit.
    /// @param leastBps What the owner keeps at least of the price if the grantee leaves early: 2,000 to 10,000.
    function request(
        bytes32 datasetId,
        uint256 granteeId,
        bytes32 manifestHash,
        bytes32 purposeHash,
        uint256 price,
        uint16 leastBps,
        uint64 ttl,
        uint64 requestUntil
    ) external returns (uint256 leaseId);

    /// @notice Asks for more time; the price is for that time alone. One that was left unanswered gives way.
    function requestRenewal(uint256 leaseId, uint256 price, uint64 ttl, uint64 requestUntil) external;

    /// @notice Gives the price of a renewal back: the grantee takes it back or the owner refuses it at any time, anyone once it was
    ///         left unanswered.
    function endRenewal(uint256 leaseId) external;

    /// @notice The owner consents, to the request or to the renewal. A request is granted under its manifest or not at all.
    function grant(uint256 leaseId) external;

    /// @notice The owner refuses a request: everything goes back.
    function deny(uint256 leaseId, bytes32 evidenceHash) external;

    /// @notice The owner ends a lease; paid to the second.
    function revoke(uint256 leaseId, bytes32 evidenceHash) external;

    /// @notice The grantee gives a request or a lease back; paid to the second, and the least share at least.
    function release(uint256 leaseId) external;

    /// @notice Ends a lease that expired or was superseded, or a request that nobody answered; anyone.
    function endLease(uint256 leaseId) external;

    /// @notice Gives the deposit back seven days after the end, unless it is disputed; anyone.
    function releaseDeposit(uint256 leaseId) external;

    /// @notice The owner books a query against the budget; over it, nothing is spent and nothing may be answered.
    function spend(uint256 leaseId, uint64 microEpsilon) external;

    /// @notice keccak256(abi.encode(ownerAgentId, name)): nobody can take another's name.
    function datasetIdOf(uint256 ownerAgentId, bytes32 name) external pure returns (bytes32);
    function datasetOf(bytes32 datasetId) external view returns (Dataset memory);
    function leaseOf(uint256 leaseId) external view returns (DataLease memory);
    function renewalOf(uint256 leaseId) external view returns (Renewal memory);
    function leaseCount() external view returns (uint256);

    /// @notice When a version of a manifest was replaced; 0 = it is the present one.
    function supersededAt(bytes32 datasetId, uint32 version) external view returns (uint64);

    /// @notice What the owner has earned by a time, before the fee.
    function accruedAt(uint256 leaseId, uint64 time) external view returns (uint256);
    function depositFor(uint256 price) external pure returns (uint256);
}
