// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The validation registry of ERC-8004; every response is kept.
interface IValidation {
    event ValidationRequest(
        address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash
    );
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );
}
