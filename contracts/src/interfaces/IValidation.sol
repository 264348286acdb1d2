// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice One answer of a validator. Stored; its URI is in the event.
struct Verdict {
    bytes32 responseHash;
    uint64 respondedAt;
    uint8 response;
    string tag;
}

/// @title The validation registry of ERC-8004, shapes exact; every response is kept.
/// @notice Whoever acts for an agent cannot validate it: neither when asked nor when answering.
interface IValidation {
    /// @notice ERC-8004: a validator is asked.
    /// @custom:trigger the agent's owner or operator
    /// @custom:step Validation: -> Requested
    event ValidationRequest(
        address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash
    );
    /// @notice ERC-8004: a validator answered.
    /// @custom:trigger the asked validator
    /// @custom:step Validation: responses grow, each is kept
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    error ZeroValidator();
    error ZeroHash();
    error SelfValidation(uint256 agentId, address validator);
    error RequestIsKnown(bytes32 requestHash);
    error UnknownRequest(bytes32 requestHash);
    error OnlyValidator(bytes32 requestHash, address expected, address caller);
    error ResponseOutOfBounds(uint8 response, uint8 highest);

    /// @notice ERC-8004: asks a validator to check work of the agent; for who may act for the agent. A hash belongs to who
    ///         asked first; another agent, or the same one with another validator, gets a hash of its own for it, which
    ///         stands in the event: see `requestHashOf`.
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external;

    /// @notice ERC-8004: answers, 0 to 100; for the validator that was asked, as often as it learns more.
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    /// @notice ERC-8004: the latest answer; `lastUpdate` 0 while there is none.
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
        );

    /// @notice ERC-8004: how many of the agent's latest 1,000 requests were answered, and the average of the latest answers;
    ///         no validators = all, an empty tag = any.
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 averageResponse);

    /// @notice ERC-8004: every request for an agent.
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory requestHashes);

    /// @notice ERC-8004: every request to a validator.
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory requestHashes);

    /// @notice The hash under which a request of this agent to this validator is, or would be, known: the same one, or,
    ///         where that is another's, 64 bits of ones and the rest of keccak256(abi.encode(requestHash, agentId,
    ///         validator)). Nobody else can take that one, so a hash that somebody squats stops no request.
    function requestHashOf(address validatorAddress, uint256 agentId, bytes32 requestHash)
        external
        view
        returns (bytes32);

    /// @notice ERC-8004's registries: the version of the reference registries whose functions this one has.
    function getVersion() external pure returns (string memory);

    /// @notice ERC-8004: where the agents are registered.
    function getIdentityRegistry() external view returns (address);

    /// @notice How many answers a request has; none is ever overwritten.
    function responseCount(bytes32 requestHash) external view returns (uint256);

    function responseAt(bytes32 requestHash, uint256 index) external view returns (Verdict memory);
}
