// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Proof of agency: what an agent did and what came of it.
interface IAgency {
    event ActionRecorded(
        uint256 indexed actionId, uint256 indexed agentId, bytes32 indexed kind, bytes32 dataHash, string uri
    );
    event OutcomeRecorded(uint256 indexed actionId, bytes32 outcomeHash, string uri);
}
