// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Context } from "@openzeppelin/contracts/utils/Context.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import { IAgentRegistry, MetadataEntry } from "../interfaces/IAgentRegistry.sol";
import { IStake } from "../interfaces/IStake.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IAgentRegistry.
/// @dev Always holds: an agent with locks keeps its owner; a new owner starts without the old one's wallet, and the
///      stake's votes have followed. Tokens are minted without a callback, so nobody runs inside a registration.
contract AgentRegistry is IAgentRegistry, ERC721, EIP712, Module {
    struct Agent {
        address wallet;
        uint64 ownerSince;
        uint8 status;
        uint16 locks;
    }

    uint8 internal constant ACTIVE = 1;
    uint8 internal constant PAUSED = 2;
    uint8 internal constant REVOKED = 3;

    /// @dev ERC-4906 has events alone, so the standard names its identifier.
    bytes4 internal constant ERC4906 = 0x49064906;
    string internal constant WALLET_KEY = "agentWallet";
    bytes32 internal constant WALLET_KEY_HASH = keccak256(bytes(WALLET_KEY));
    bytes32 internal constant WALLET_TYPEHASH =
        keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)");
    /// @dev A signature that lies around cannot be used later than this.
    uint256 internal constant LONGEST_DEADLINE = 5 minutes;

    IStake internal immutable STAKE;

    mapping(address module => bool) internal _lockers;
    uint256 internal _agentCount;
    mapping(uint256 agentId => Agent) internal _agents;
    mapping(uint256 agentId => string) internal _uris;
    mapping(uint256 agentId => mapping(string key => bytes)) internal _metadata;
    /// @dev When a wallet or an approved address was taken back last.
    mapping(uint256 agentId => mapping(address actor => uint64)) internal _actedUntil;
    mapping(address owner => mapping(address operator => uint64)) internal _operatedUntil;

    constructor(Wiring memory wiring, Genesis memory)
        ERC721("EventSourced Agents", "AGENT")
        EIP712("ERC8004IdentityRegistry", "1")
        Module(wiring, "agentRegistry")
    {
        STAKE = IStake(wiring.stake);
        _lockers[wiring.taskMarket] = true;
        _lockers[wiring.dataLeases] = true;
        _lockers[wiring.verifierPool] = true;
        _lockers[wiring.disputes] = true;
        _lockers[wiring.bounties] = true;
        _lockers[wiring.checkpoints] = true;
        _lockers[wiring.rewards] = true;
    }

    /// @inheritdoc IAgentRegistry
    function register(string calldata agentURI, MetadataEntry[] calldata metadata)
        external
        opening
        returns (uint256 agentId)
    {
        agentId = _register(agentURI);
        for (uint256 i; i < metadata.length; ++i) {
            _setMetadata(agentId, metadata[i].metadataKey, metadata[i].metadataValue);
        }
    }

    /// @inheritdoc IAgentRegistry
    function register(string calldata agentURI) external opening returns (uint256 agentId) {
        return _register(agentURI);
    }

    /// @inheritdoc IAgentRegistry
    function register() external opening returns (uint256 agentId) {
        return _register("");
    }

    /// @inheritdoc IAgentRegistry
    function setAgentURI(uint256 agentId, string calldata newURI) external {
        address by = _requireApproved(agentId);
        _uris[agentId] = newURI;
        emit URIUpdated(agentId, newURI, by);
        emit MetadataUpdate(agentId);
    }

    /// @inheritdoc IAgentRegistry
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external {
        _requireApproved(agentId);
        _setMetadata(agentId, metadataKey, metadataValue);
    }

    /// @inheritdoc IAgentRegistry
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external {
        _requireApproved(agentId);
        require(newWallet != address(0), ZeroWallet());
        require(block.timestamp <= deadline, SignatureExpired(deadline, block.timestamp));
        uint256 latest = block.timestamp + LONGEST_DEADLINE;
        require(deadline <= latest, DeadlineTooFar(deadline, latest));
        bytes32 digest =
            _hashTypedDataV4(keccak256(abi.encode(WALLET_TYPEHASH, agentId, newWallet, ownerOf(agentId), deadline)));
        require(
            SignatureChecker.isValidSignatureNowCalldata(newWallet, digest, signature),
            InvalidWalletSignature(newWallet)
        );
        _setWallet(agentId, newWallet);
    }

    /// @inheritdoc IAgentRegistry
    function unsetAgentWallet(uint256 agentId) external {
        _requireApproved(agentId);
        _setWallet(agentId, address(0));
    }

    /// @inheritdoc IAgentRegistry
    function setStatus(uint256 agentId, uint8 status, bytes32 reason) external {
        _requireApproved(agentId);
        require(status >= ACTIVE && status <= REVOKED, UnknownStatus(status));
        require(_agents[agentId].status != REVOKED, Revoked(agentId));
        _agents[agentId].status = status;
        emit AgentStatusSet(agentId, status, reason);
    }

    /// @inheritdoc IAgentRegistry
    function lock(uint256 agentId) external {
        require(_lockers[msg.sender], OnlyModule(msg.sender));
        _requireOwned(agentId);
        uint16 locks = ++_agents[agentId].locks;
        emit AgentLocksSet(agentId, locks);
    }

    /// @inheritdoc IAgentRegistry
    function unlock(uint256 agentId) external {
        require(_lockers[msg.sender], OnlyModule(msg.sender));
        require(_agents[agentId].locks != 0, NotLocked(agentId));
        uint16 locks = --_agents[agentId].locks;
        emit AgentLocksSet(agentId, locks);
    }

    /// @inheritdoc IAgentRegistry
    function ownerOf(uint256 agentId) public view override(ERC721, IAgentRegistry) returns (address) {
        return super.ownerOf(agentId);
    }

    /// @inheritdoc IAgentRegistry
    function mayAct(uint256 agentId, address actor) public view returns (bool) {
        address owner = _ownerOf(agentId);
        if (owner == address(0) || actor == address(0)) return false;
        return _isAuthorized(owner, actor, agentId) || _agents[agentId].wallet == actor;
    }

    /// @inheritdoc IAgentRegistry
    function mightAct(uint256 agentId, address actor, uint64 since) external view returns (bool) {
        if (mayAct(agentId, actor)) return true;
        return _actedUntil[agentId][actor] > since || _operatedUntil[_ownerOf(agentId)][actor] > since;
    }

    /// @inheritdoc IAgentRegistry
    function isAuthorizedOrOwner(address spender, uint256 agentId) external view returns (bool) {
        return _isAuthorized(_requireOwned(agentId), spender, agentId);
    }

    /// @inheritdoc IAgentRegistry
    function requireActor(uint256 agentId, address actor) external view returns (address owner) {
        owner = _requireOwned(agentId);
        require(mayAct(agentId, actor), NotAgent(agentId, actor));
        uint8 status = _agents[agentId].status;
        require(status == ACTIVE, NotActive(agentId, status));
    }

    /// @inheritdoc IAgentRegistry
    function isActive(uint256 agentId) external view returns (bool) {
        return _agents[agentId].status == ACTIVE;
    }

    /// @inheritdoc IAgentRegistry
    function statusOf(uint256 agentId) external view returns (uint8) {
        return _agents[agentId].status;
    }

    /// @inheritdoc IAgentRegistry
    function ownerSince(uint256 agentId) external view returns (uint64) {
        return _agents[agentId].ownerSince;
    }

    /// @inheritdoc IAgentRegistry
    function locksOf(uint256 agentId) external view returns (uint256) {
        return _agents[agentId].locks;
    }

    /// @inheritdoc IAgentRegistry
    function agentCount() external view returns (uint256) {
        return _agentCount;
    }

    /// @inheritdoc IAgentRegistry
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory) {
        if (keccak256(bytes(metadataKey)) != WALLET_KEY_HASH) return _metadata[agentId][metadataKey];
        address wallet = _agents[agentId].wallet;
        return wallet == address(0) ? bytes("") : abi.encodePacked(wallet);
    }

    /// @inheritdoc IAgentRegistry
    function getAgentWallet(uint256 agentId) external view returns (address) {
        return _agents[agentId].wallet;
    }

    /// @inheritdoc IAgentRegistry
    function getVersion() external pure returns (string memory) {
        return "2.0.0";
    }

    /// @notice ERC-165: ERC-721 with its metadata, and ERC-4906.
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == ERC4906 || super.supportsInterface(interfaceId);
    }

    /// @notice ERC-721: where the registration file is.
    function tokenURI(uint256 agentId) public view override returns (string memory) {
        _requireOwned(agentId);
        return _uris[agentId];
    }

    function _register(string memory agentURI) private returns (uint256 agentId) {
        address owner = _msgSender();
        agentId = ++_agentCount;
        _agents[agentId].status = ACTIVE;
        _uris[agentId] = agentURI;
        _mint(owner, agentId);
        emit Registered(agentId, agentURI, owner);
        _setWallet(agentId, owner);
    }

    function _setMetadata(uint256 agentId, string calldata key, bytes calldata value) private {
        require(keccak256(bytes(key)) != WALLET_KEY_HASH, ReservedKey(key));
        _metadata[agentId][key] = value;
        emit MetadataSet(agentId, key, key, value);
    }

    /// @dev Remembers until when the wallet before might act.
    function _putWallet(uint256 agentId, address wallet) internal {
        address before = _agents[agentId].wallet;
        if (before != wallet && before != address(0)) _actedUntil[agentId][before] = _now();
        _agents[agentId].wallet = wallet;
    }

    function _setWallet(uint256 agentId, address wallet) private {
        _putWallet(agentId, wallet);
        bytes memory value = wallet == address(0) ? bytes("") : abi.encodePacked(wallet);
        emit MetadataSet(agentId, WALLET_KEY, WALLET_KEY, value);
    }

    function _requireApproved(uint256 agentId) private view returns (address caller) {
        caller = _msgSender();
        require(_isAuthorized(_requireOwned(agentId), caller, agentId), NotAgent(agentId, caller));
    }

    /// @dev Every change of hands, the minting included, passes here.
    function _update(address to, uint256 agentId, address auth) internal override returns (address from) {
        from = super._update(to, agentId, auth);
        Agent storage agent = _agents[agentId];
        agent.ownerSince = _now();
        if (from == address(0)) return from;
        require(agent.locks == 0, AgentLocked(agentId, agent.locks));
        if (agent.wallet != address(0)) _setWallet(agentId, address(0));
        STAKE.agentTransferred(agentId, from, to);
    }

    function _approve(address to, uint256 agentId, address auth, bool emitEvent) internal override {
        address before = _getApproved(agentId);
        if (before != to && before != address(0)) _actedUntil[agentId][before] = _now();
        super._approve(to, agentId, auth, emitEvent);
    }

    function _setApprovalForAll(address owner, address operator, bool approved) internal override {
        if (!approved && isApprovedForAll(owner, operator)) _operatedUntil[owner][operator] = _now();
        super._setApprovalForAll(owner, operator, approved);
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
