// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Data leases: consented, priced, purposeful and revocable access to a dataset.
interface IDataLeases {
    event ConsentManifestSet(
        bytes32 indexed datasetId, uint256 indexed ownerAgentId, bytes32 manifestHash, uint32 version, string uri
    );
    event DataLeaseRequested(
        uint256 indexed leaseId,
        bytes32 indexed datasetId,
        uint256 indexed granteeId,
        bytes32 purposeHash,
        uint64 ttl,
        uint64 requestUntil
    );
    /// @notice The owner granted under a manifest; again for the same lease = renewal.
    event DataLeaseGranted(uint256 indexed leaseId, bytes32 manifestHash, uint64 expiresAt);
    /// @notice 1 denied, 2 revoked, 3 released, 4 expired, 5 superseded by a new manifest, 6 breach.
    event DataLeaseEnded(uint256 indexed leaseId, uint8 cause, bytes32 evidenceHash);
    event PrivacyBudgetSet(bytes32 indexed datasetId, uint64 microEpsilon);
    event PrivacySpent(bytes32 indexed datasetId, uint256 indexed leaseId, uint64 microEpsilon, uint64 cumulative);
}
