// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice An action of an agent and what came of it. Stored; the URIs are in the events.
struct Action {
    uint256 agentId;
    bytes32 kind;
    bytes32 dataHash;
    bytes32 outcomeHash;
    uint64 recordedAt;
    uint64 outcomeAt;
}

/// @title Proof of agency: what an agent did and what came of it.
interface IAgency {
    /// @notice An agent did something: kind, hash and place of the data.
    /// @custom:trigger the agent's owner, operator or wallet
    /// @custom:step records an action; nothing else changes
    event ActionRecorded(
        uint256 indexed actionId, uint256 indexed agentId, bytes32 indexed kind, bytes32 dataHash, string uri
    );
    /// @notice What came of an action.
    /// @custom:trigger the agent's owner, operator or wallet
    /// @custom:step Action: recorded -> with outcome
    event OutcomeRecorded(uint256 indexed actionId, bytes32 outcomeHash, string uri);

    error ZeroHash();
    error UnknownAction(uint256 actionId);
    error OutcomeIsRecorded(uint256 actionId, bytes32 outcomeHash);

    /// @notice Records what the agent did, before or after doing it; for who may act for it.
    function recordAction(uint256 agentId, bytes32 kind, bytes32 dataHash, string calldata uri)
        external
        returns (uint256 actionId);

    /// @notice Records, once, what came of it; for who may act for the same agent.
    function recordOutcome(uint256 actionId, bytes32 outcomeHash, string calldata uri) external;

    function actionOf(uint256 actionId) external view returns (Action memory);

    function actionCount() external view returns (uint256);
}
