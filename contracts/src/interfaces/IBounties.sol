// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Bounties: a pool, claims with a bond, awards in order; a silent sponsor pays.
interface IBounties {
    event BountyOpened(
        uint256 indexed bountyId,
        address indexed sponsor,
        uint16 maxAwards,
        uint64 claimEnd,
        uint64 awardEnd,
        bytes32 criteriaHash,
        string uri
    );
    event BountyClaimed(uint256 indexed bountyId, uint256 indexed claimId, uint256 indexed agentId, bytes32 workHash);
    event BountyAwarded(uint256 indexed bountyId, uint256 indexed claimId);
    event BountyClosed(uint256 indexed bountyId, uint8 cause);
}
