// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice ERC-8004: a metadata value under its key.
struct MetadataEntry {
    string metadataKey;
    bytes metadataValue;
}

/// @title The agents: an ERC-721 token each, with the identity registry of ERC-8004.
/// @notice did, cardHash, capabilities, price and endpoint are metadata keys; `agentWallet` is the reserved one.
interface IAgentRegistry {
    /// @notice ERC-8004: an agent was registered; it is active.
    /// @custom:trigger anyone
    /// @custom:step Agent: -> Active
    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);
    /// @notice ERC-8004: a metadata value was set; empty when cleared.
    /// @custom:trigger the agent's owner or operator; a transfer clears agentWallet
    /// @custom:step Agent: metadata
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );
    /// @notice ERC-8004: the agent's registration file moved.
    /// @custom:trigger the agent's owner or operator
    /// @custom:step Agent: registration file
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);
    /// @notice ERC-4906: the registration file moved; whoever shows the token reads `tokenURI` again.
    /// @custom:trigger the agent's owner or operator
    /// @custom:step Agent: registration file, beside URIUpdated
    event MetadataUpdate(uint256 tokenId);
    /// @notice An agent became active (1), paused (2) or revoked (3, final).
    /// @custom:trigger the agent's owner
    /// @custom:step Agent: Active <-> Paused -> Revoked
    event AgentStatusSet(uint256 indexed agentId, uint8 status, bytes32 reason);
    /// @notice How many reasons there are now why the agent cannot be transferred.
    /// @custom:trigger modules: pool, court, market, leases, bounties
    /// @custom:step Agent: transferable while 0
    event AgentLocksSet(uint256 indexed agentId, uint256 locks);

    /// @notice The agent cannot change hands while it is in a pool or has an open seat, pledge or dispute.
    error AgentLocked(uint256 agentId, uint256 locks);
    /// @notice The caller is neither the agent's owner, nor approved by it, nor (where it suffices) its wallet.
    error NotAgent(uint256 agentId, address caller);
    error NotActive(uint256 agentId, uint8 status);
    error UnknownStatus(uint8 status);
    error Revoked(uint256 agentId);
    error NotLocked(uint256 agentId);
    /// @notice `agentWallet` is set by signature alone.
    error ReservedKey(string metadataKey);
    error SignatureExpired(uint256 deadline, uint256 found);
    error DeadlineTooFar(uint256 deadline, uint256 latest);
    error InvalidWalletSignature(address newWallet);
    error ZeroWallet();

    /// @notice ERC-8004: registers an agent owned by the caller; its wallet is the caller at first.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId);
    function register(string calldata agentURI) external returns (uint256 agentId);
    function register() external returns (uint256 agentId);

    /// @notice ERC-8004: moves the registration file; owner or approved.
    function setAgentURI(uint256 agentId, string calldata newURI) external;

    /// @notice ERC-8004: sets any key but `agentWallet`; owner or approved.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external;

    /// @notice ERC-8004: names the wallet that acts for the agent; the new wallet signs (EIP-712 or ERC-1271)
    ///         `AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)`.
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external;

    /// @notice ERC-8004: the agent has no wallet beside its owner any more.
    function unsetAgentWallet(uint256 agentId) external;

    /// @notice Pauses, resumes or (for good) revokes an agent; owner or approved. Duties taken on remain.
    function setStatus(uint256 agentId, uint8 status, bytes32 reason) external;

    /// @notice Counts a reason why the agent cannot be transferred; for modules.
    function lock(uint256 agentId) external;

    /// @notice Takes one such reason back; for modules.
    function unlock(uint256 agentId) external;

    /// @notice The owner of a registered agent; reverts for an unknown one (ERC-721).
    function ownerOf(uint256 agentId) external view returns (address);

    /// @notice Whether `actor` may act for the agent: its owner, an approved operator, or its agent wallet.
    function mayAct(uint256 agentId, address actor) external view returns (bool);

    /// @notice Whether `actor` may act for the agent, or might at some time after `since`: its wallet, its approved address or
    ///         an operator of its present owner, taken back later. What such a key signed then still counts.
    function mightAct(uint256 agentId, address actor, uint64 since) external view returns (bool);
    /// @notice ERC-8004's registries: whether `spender` is the agent's owner or approved by it; the wallet is neither.
    ///         Reverts for an unknown agent.
    function isAuthorizedOrOwner(address spender, uint256 agentId) external view returns (bool);

    /// @notice ERC-8004's registries: the version of the reference registries whose functions this one has.
    function getVersion() external pure returns (string memory);

    /// @notice Reverts unless the agent is active and `actor` may act for it; answers its owner.
    function requireActor(uint256 agentId, address actor) external view returns (address owner);

    function isActive(uint256 agentId) external view returns (bool);

    /// @notice 1 active, 2 paused, 3 revoked.
    function statusOf(uint256 agentId) external view returns (uint8);

    /// @notice When the present owner became the owner.
    function ownerSince(uint256 agentId) external view returns (uint64);

    function locksOf(uint256 agentId) external view returns (uint256);

    /// @notice How many agents there are; ids are 1 to this number.
    function agentCount() external view returns (uint256);

    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory);

    function getAgentWallet(uint256 agentId) external view returns (address);
}
