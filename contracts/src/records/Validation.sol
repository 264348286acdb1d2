// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IValidation, Verdict } from "../interfaces/IValidation.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IValidation.
/// @dev Always holds: a request has one agent and one validator for good, and its answers only grow in number; a hash
///      in the reserved range belongs to the agent and the validator that it is made of, so nobody else can take it.
contract Validation is IValidation, Module {
    struct Request {
        address validator;
        uint256 agentId;
    }

    uint8 internal constant HIGHEST = 100;
    uint256 internal constant SUMMARY_LIMIT = 1_000;
    /// @dev The first 64 bits of a hash that this registry made.
    uint256 internal constant RESERVED = uint256(type(uint64).max) << 192;

    mapping(bytes32 requestHash => Request) internal _requests;
    mapping(bytes32 requestHash => Verdict[]) internal _verdicts;
    mapping(uint256 agentId => bytes32[]) internal _ofAgent;
    mapping(address validator => bytes32[]) internal _ofValidator;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "validation") { }

    /// @inheritdoc IValidation
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external opening {
        REGISTRY.requireActor(agentId, _msgSender());
        require(validatorAddress != address(0), ZeroValidator());
        require(requestHash != 0, ZeroHash());
        requestHash = requestHashOf(validatorAddress, agentId, requestHash);
        require(_requests[requestHash].validator == address(0), RequestIsKnown(requestHash));
        _requireStranger(agentId, validatorAddress);
        _requests[requestHash] = Request(validatorAddress, agentId);
        _ofAgent[agentId].push(requestHash);
        _ofValidator[validatorAddress].push(requestHash);
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
    }

    /// @inheritdoc IValidation
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        Request memory request = _requests[requestHash];
        require(request.validator != address(0), UnknownRequest(requestHash));
        require(request.validator == _msgSender(), OnlyValidator(requestHash, request.validator, _msgSender()));
        require(response <= HIGHEST, ResponseOutOfBounds(response, HIGHEST));
        _requireStranger(request.agentId, request.validator);
        _verdicts[requestHash].push(Verdict(responseHash, _now(), response, tag));
        emit ValidationResponse(
            request.validator, request.agentId, requestHash, response, responseURI, responseHash, tag
        );
    }

    /// @inheritdoc IValidation
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        )
    {
        Request memory request = _requests[requestHash];
        require(request.validator != address(0), UnknownRequest(requestHash));
        Verdict memory latest;
        uint256 answers = _verdicts[requestHash].length;
        if (answers != 0) latest = _verdicts[requestHash][answers - 1];
        return
            (request.validator, request.agentId, latest.response, latest.responseHash, latest.tag, latest.respondedAt);
    }

    /// @inheritdoc IValidation
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 averageResponse)
    {
        bytes32[] storage hashes = _ofAgent[agentId];
        uint256 from = hashes.length > SUMMARY_LIMIT ? hashes.length - SUMMARY_LIMIT : 0;
        uint256 sum;
        for (uint256 i = from; i < hashes.length; ++i) {
            uint256 answers = _verdicts[hashes[i]].length;
            if (answers == 0 || !_isAmong(_requests[hashes[i]].validator, validatorAddresses)) continue;
            Verdict storage latest = _verdicts[hashes[i]][answers - 1];
            if (bytes(tag).length != 0 && keccak256(bytes(latest.tag)) != keccak256(bytes(tag))) continue;
            sum += latest.response;
            ++count;
        }
        if (count != 0) averageResponse = uint8(sum / count);
    }

    /// @inheritdoc IValidation
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory requestHashes) {
        return _ofAgent[agentId];
    }

    /// @inheritdoc IValidation
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory requestHashes) {
        return _ofValidator[validatorAddress];
    }

    /// @inheritdoc IValidation
    function getIdentityRegistry() external view returns (address) {
        return address(REGISTRY);
    }

    /// @inheritdoc IValidation
    function getVersion() external pure returns (string memory) {
        return "2.0.0";
    }

    /// @inheritdoc IValidation
    function requestHashOf(address validatorAddress, uint256 agentId, bytes32 requestHash)
        public
        view
        returns (bytes32)
    {
        Request storage known = _requests[requestHash];
        bool own = known.validator == validatorAddress && known.agentId == agentId;
        bool free = known.validator == address(0) && uint256(requestHash) & RESERVED != RESERVED;
        if (own || free) return requestHash;
        return bytes32(uint256(keccak256(abi.encode(requestHash, agentId, validatorAddress))) | RESERVED);
    }

    /// @inheritdoc IValidation
    function responseCount(bytes32 requestHash) external view returns (uint256) {
        return _verdicts[requestHash].length;
    }

    /// @inheritdoc IValidation
    function responseAt(bytes32 requestHash, uint256 index) external view returns (Verdict memory) {
        return _verdicts[requestHash][index];
    }

    function _requireStranger(uint256 agentId, address validator) internal view {
        require(!REGISTRY.mayAct(agentId, validator), SelfValidation(agentId, validator));
    }

    function _isAmong(address validator, address[] calldata validators) internal pure returns (bool) {
        if (validators.length == 0) return true;
        for (uint256 i; i < validators.length; ++i) {
            if (validators[i] == validator) return true;
        }
        return false;
    }
}
