// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Reputation: earned scores with forward decay, and the open feedback registry of ERC-8004 beside them.
/// @notice Feedback of others is recorded and shown; it never enters a score.
interface IReputation {
    /// @notice ERC-8004: feedback on an agent.
    /// @custom:trigger anyone but the agent's own
    /// @custom:step none: shown, never scored
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
    /// @notice ERC-8004: feedback was taken back.
    /// @custom:trigger who gave the feedback
    /// @custom:step Feedback: -> Revoked
    event FeedbackRevoked(uint256 indexed agentId, address indexed clientAddress, uint64 indexed feedbackIndex);
    /// @notice ERC-8004: somebody answered a feedback.
    /// @custom:trigger anyone
    /// @custom:step Feedback: responses grow
    event ResponseAppended(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        address indexed responder,
        string responseURI,
        bytes32 responseHash
    );
    /// @notice The score (micropoints, at block time) and the accumulator that it is read from.
    /// @custom:trigger modules: market, court, leases, bounties, checkpoints, rewards
    /// @custom:step Reputation: accumulator
    event ReputationSet(
        uint256 indexed agentId,
        bytes32 indexed domain,
        bytes32 indexed ref,
        int256 score,
        int256 accumulator,
        uint8 cause
    );
    /// @notice How many tasks of this client the agent has finalized by now, this one included.
    /// @custom:trigger the task market
    /// @custom:step Reputation: damping per client
    event CompletionCounted(
        uint256 indexed agentId, address indexed client, uint256 indexed taskId, uint256 completions
    );

    /// @notice How a finalized task was weighed: `weight` of the client as a subject of its own (ppm), and after it `crowd`,
    ///         the full tasks that clients without a history gave the agent in the domain (ppm), `earned`, what the day earned
    ///         it there (micropoints), and `settled`, what the client has settled in all. The day is block.timestamp / 1 days.
    /// @custom:trigger the task market
    /// @custom:step Reputation: damping per subject and day; Client: history
    event CompletionWeighed(
        uint256 indexed agentId,
        bytes32 indexed domain,
        address indexed client,
        uint256 taskId,
        uint256 weight,
        uint256 crowd,
        uint256 earned,
        uint256 settled
    );

    /// @notice ERC-8004: the agent's owner, operator and wallet cannot rate it.
    error SelfFeedback(uint256 agentId, address caller);
    error UnknownFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex);
    error AlreadyRevoked(uint256 agentId, address clientAddress, uint64 feedbackIndex);
    error TooManyDecimals(uint8 valueDecimals, uint8 most);
    error ValueTooLarge(int128 value, int128 largest);
    /// @notice A summary without named clients would count whoever wrote.
    error NoClientsNamed();

    /// @notice ERC-8004: records a rating of `value / 10^valueDecimals`; endpoint, URI and hash are emitted only.
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external;

    /// @notice ERC-8004: takes the caller's own rating back.
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external;

    /// @notice ERC-8004: anyone answers a rating; every answer is kept.
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external;

    /// @notice Adds micropoints to an agent's score in a domain; for modules.
    function add(uint256 agentId, bytes32 domain, bytes32 ref, int256 increment, uint8 cause) external;

    /// @notice Counts a finalized task: 10 points by value, plus value / 1000, damped per client, all clients without a
    ///         history as one, and per day and domain; see Esteem. For the task market.
    function addCompletion(uint256 agentId, bytes32 domain, uint256 taskId, uint256 netPrice, address client) external;

    /// @notice The decayed score, micropoints; reading changes nothing.
    function scoreOf(uint256 agentId, bytes32 domain) external view returns (int256);

    /// @notice The undecayed accumulator that the score is read from.
    function accumulatorOf(uint256 agentId, bytes32 domain) external view returns (int256);

    /// @notice When the agent last earned something in the domain; 0 = never.
    function lastActiveOf(uint256 agentId, bytes32 domain) external view returns (uint64);

    /// @notice How many tasks of this client the agent has finalized.
    function completionsOf(uint256 agentId, address client) external view returns (uint256);

    /// @notice What a client has settled in all, net, and how far it is a subject of its own today, in ppm.
    function settledBy(address client) external view returns (uint256 settled, uint256 weight);

    /// @notice How many full tasks clients without a history gave the agent in the domain, in ppm.
    function crowdOf(uint256 agentId, bytes32 domain) external view returns (uint256);

    /// @notice What finalized tasks have earned the agent today in the domain, micropoints; at most 20 points.
    function earnedToday(uint256 agentId, bytes32 domain) external view returns (uint256);

    /// @notice How many disputes count against the agent now: (score in "strike" + 500,000) / 10^6.
    function strikesOf(uint256 agentId) external view returns (uint256);

    function getIdentityRegistry() external view returns (address);

    function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64);

    function getClients(uint256 agentId) external view returns (address[] memory);

    function readFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex)
        external
        view
        returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked);

    /// @notice ERC-8004: the average of the unrevoked ratings of the named clients, with the decimals that most of them have;
    ///         with fewer where it would not fit otherwise, so it never fails for what others wrote.
    function getSummary(uint256 agentId, address[] calldata clientAddresses, string calldata tag1, string calldata tag2)
        external
        view
        returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals);

    function readAllFeedback(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        );

    /// @notice ERC-8004: how many answers there are; client 0, index 0 and no responders mean all. An index counts for a
    ///         client alone, so it is not asked for without one.
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count);

    /// @notice ERC-8004's registries: the version of the reference registries whose functions this one has.
    function getVersion() external pure returns (string memory);
}
