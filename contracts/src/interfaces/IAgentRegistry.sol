// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The agents: an ERC-721 token each, with the identity registry of ERC-8004.
/// @notice did, cardHash, capabilities, price and endpoint are metadata keys.
interface IAgentRegistry {
    /// @notice ERC-8004: an agent was registered.
    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);
    /// @notice ERC-8004: a metadata value was set; empty when cleared.
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );
    /// @notice ERC-8004: the agent's registration file moved.
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);
    /// @notice An agent became active (1), paused (2) or revoked (3, final).
    event AgentStatusSet(uint256 indexed agentId, uint8 status, bytes32 reason);

    /// @notice The agent cannot change hands while it is in a pool or has an open seat, pledge or dispute.
    error AgentLocked(uint256 agentId, uint256 locks);

    /// @notice The owner of a registered agent; reverts for an unknown one (ERC-721).
    function ownerOf(uint256 agentId) external view returns (address);

    /// @notice Whether `actor` may act for the agent: its owner, an approved operator, or its agent wallet.
    function mayAct(uint256 agentId, address actor) external view returns (bool);

    /// @notice Reverts unless the agent is active and `actor` may act for it; answers its owner.
    function requireActor(uint256 agentId, address actor) external view returns (address owner);

    function isActive(uint256 agentId) external view returns (bool);

    /// @notice When the present owner became the owner.
    function ownerSince(uint256 agentId) external view returns (uint64);

    /// @notice Counts a reason why the agent cannot be transferred; for modules.
    function lock(uint256 agentId) external;

    /// @notice Takes one such reason back; for modules.
    function unlock(uint256 agentId) external;

    function locksOf(uint256 agentId) external view returns (uint256);
}
