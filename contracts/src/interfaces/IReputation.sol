// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Reputation: earned scores with forward decay, and the open feedback registry of ERC-8004 beside them.
/// @notice Feedback of others is recorded and shown; it never enters a score.
interface IReputation {
    event NewFeedback(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        int128 value,
        uint8 valueDecimals,
        string indexed indexedTag1,
        string tag1,
        string tag2,
        string endpoint,
        string feedbackURI,
        bytes32 feedbackHash
    );
    event FeedbackRevoked(uint256 indexed agentId, address indexed clientAddress, uint64 indexed feedbackIndex);
    event ResponseAppended(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        address indexed responder,
        string responseURI,
        bytes32 responseHash
    );
    /// @notice The score (micropoints, at block time) and the accumulator that it is read from.
    event ReputationSet(
        uint256 indexed agentId,
        bytes32 indexed domain,
        bytes32 indexed ref,
        int256 score,
        int256 accumulator,
        uint8 cause
    );

    /// @notice Adds micropoints to an agent's score in a domain; for modules.
    function add(uint256 agentId, bytes32 domain, bytes32 ref, int256 increment, uint8 cause) external;

    /// @notice Counts a finalized task: 10 points by value, plus value / 1000, damped per client.
    function addCompletion(uint256 agentId, bytes32 domain, uint256 taskId, uint256 netPrice, address client) external;

    /// @notice The decayed score, micropoints; reading changes nothing.
    function scoreOf(uint256 agentId, bytes32 domain) external view returns (int256);

    /// @notice When the agent last earned something in the domain; 0 = never.
    function lastActiveOf(uint256 agentId, bytes32 domain) external view returns (uint64);

    /// @notice How many disputes count against the agent now: (score in "strike" + 500,000) / 10^6.
    function strikesOf(uint256 agentId) external view returns (uint256);
}
