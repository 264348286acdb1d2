// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../interfaces/IReputation.sol";
import { Module } from "../Module.sol";

/// @notice The ERC-8004 half of IReputation: what anybody says about an agent, kept word by word and never scored.
/// @dev Always holds: indexes of one client's ratings of one agent are 1, 2, 3 ... without a gap; a revoked rating stays
///      readable. The reading functions walk through what they are asked for and are meant for calls off the chain.
abstract contract FeedbackRegistry is IReputation, Module {
    struct Feedback {
        int128 value;
        uint8 valueDecimals;
        bool isRevoked;
        string tag1;
        string tag2;
    }

    /// @dev What readAllFeedback collects: in one piece, for the stack is small.
    struct Collected {
        address[] clients;
        uint64[] indexes;
        int128[] values;
        uint8[] decimals;
        string[] tag1s;
        string[] tag2s;
        bool[] revoked;
        uint256 count;
    }

    /// @dev What is only emitted.
    struct Source {
        string endpoint;
        string uri;
        bytes32 hash;
    }

    /// @dev `ofDecimals`: how many of the ratings have 0, 1, ... 18 decimals.
    struct Summary {
        int256 sum;
        uint64 count;
        uint64[19] ofDecimals;
    }

    struct Filter {
        bytes32 tag1;
        bytes32 tag2;
        bool includeRevoked;
    }

    uint8 internal constant MOST_DECIMALS = 18;
    int128 internal constant LARGEST = 1e38;
    bytes32 internal constant ANY = keccak256("");

    mapping(uint256 agentId => mapping(address client => mapping(uint64 index => Feedback))) internal _feedback;
    mapping(uint256 agentId => mapping(address client => uint64)) internal _lastIndex;
    mapping(uint256 agentId => address[]) internal _clients;
    mapping(bytes32 feedback => address[]) internal _responders;
    mapping(bytes32 feedback => mapping(address responder => uint64)) internal _responses;

    /// @inheritdoc IReputation
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string memory tag1,
        string memory tag2,
        string memory endpoint,
        string memory feedbackURI,
        bytes32 feedbackHash
    ) public opening {
        _give(agentId, Feedback(value, valueDecimals, false, tag1, tag2), Source(endpoint, feedbackURI, feedbackHash));
    }

    /// @inheritdoc IReputation
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external {
        address client = _msgSender();
        _requireKnown(agentId, client, feedbackIndex);
        Feedback storage feedback = _feedback[agentId][client][feedbackIndex];
        require(!feedback.isRevoked, AlreadyRevoked(agentId, client, feedbackIndex));
        feedback.isRevoked = true;
        emit FeedbackRevoked(agentId, client, feedbackIndex);
    }

    /// @inheritdoc IReputation
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external {
        _requireKnown(agentId, clientAddress, feedbackIndex);
        address responder = _msgSender();
        _respond(agentId, clientAddress, feedbackIndex, responder);
        emit ResponseAppended(agentId, clientAddress, feedbackIndex, responder, responseURI, responseHash);
    }

    /// @inheritdoc IReputation
    function getIdentityRegistry() external view returns (address) {
        return address(REGISTRY);
    }

    /// @inheritdoc IReputation
    function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64) {
        return _lastIndex[agentId][clientAddress];
    }

    /// @inheritdoc IReputation
    function getClients(uint256 agentId) external view returns (address[] memory) {
        return _clients[agentId];
    }

    /// @inheritdoc IReputation
    function readFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex)
        external
        view
        returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked)
    {
        _requireKnown(agentId, clientAddress, feedbackIndex);
        Feedback memory found = _feedback[agentId][clientAddress][feedbackIndex];
        return (found.value, found.valueDecimals, found.tag1, found.tag2, found.isRevoked);
    }

    /// @inheritdoc IReputation
    function getSummary(uint256 agentId, address[] calldata clientAddresses, string calldata tag1, string calldata tag2)
        external
        view
        returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals)
    {
        require(clientAddresses.length != 0, NoClientsNamed());
        Filter memory filter = Filter(keccak256(bytes(tag1)), keccak256(bytes(tag2)), false);
        Summary memory total;
        for (uint256 i; i < clientAddresses.length; ++i) {
            _sum(total, agentId, clientAddresses[i], filter);
        }
        if (total.count == 0) return (0, 0, 0);
        (summaryValue, summaryValueDecimals) = _average(total);
        return (total.count, summaryValue, summaryValueDecimals);
    }

    /// @inheritdoc IReputation
    function readAllFeedback(
        uint256 agentId,
        address[] memory clientAddresses,
        string memory tag1,
        string memory tag2,
        bool includeRevoked
    )
        public
        view
        returns (
            address[] memory,
            uint64[] memory,
            int128[] memory,
            uint8[] memory,
            string[] memory,
            string[] memory,
            bool[] memory
        )
    {
        Collected memory all = _collect(
            agentId, clientAddresses, Filter(keccak256(bytes(tag1)), keccak256(bytes(tag2)), includeRevoked)
        );
        return (all.clients, all.indexes, all.values, all.decimals, all.tag1s, all.tag2s, all.revoked);
    }

    /// @inheritdoc IReputation
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count) {
        if (clientAddress != address(0)) {
            return _answersTo(agentId, clientAddress, feedbackIndex, responders);
        }
        address[] storage clients = _clients[agentId];
        for (uint256 i; i < clients.length; ++i) {
            count += _answersTo(agentId, clients[i], 0, responders);
        }
    }

    /// @inheritdoc IReputation
    function getVersion() external pure returns (string memory) {
        return "2.0.0";
    }

    function _give(uint256 agentId, Feedback memory given, Source memory source) private {
        address client = _msgSender();
        REGISTRY.ownerOf(agentId);
        require(!REGISTRY.mayAct(agentId, client), SelfFeedback(agentId, client));
        require(given.valueDecimals <= MOST_DECIMALS, TooManyDecimals(given.valueDecimals, MOST_DECIMALS));
        require(given.value >= -LARGEST && given.value <= LARGEST, ValueTooLarge(given.value, LARGEST));
        uint64 index = _record(agentId, client, given);
        emit NewFeedback(
            agentId,
            client,
            index,
            given.value,
            given.valueDecimals,
            given.tag1,
            given.tag1,
            given.tag2,
            source.endpoint,
            source.uri,
            source.hash
        );
    }

    function _record(uint256 agentId, address client, Feedback memory feedback) internal returns (uint64 index) {
        index = ++_lastIndex[agentId][client];
        if (index == 1) _clients[agentId].push(client);
        _feedback[agentId][client][index] = feedback;
    }

    function _respond(uint256 agentId, address client, uint64 index, address responder) internal {
        bytes32 key = _key(agentId, client, index);
        if (_responses[key][responder]++ == 0) _responders[key].push(responder);
    }

    function _sum(Summary memory total, uint256 agentId, address client, Filter memory filter) private view {
        for (uint64 index = 1; index <= _lastIndex[agentId][client]; ++index) {
            Feedback storage feedback = _feedback[agentId][client][index];
            if (!_passes(feedback, filter)) continue;
            ++total.count;
            ++total.ofDecimals[feedback.valueDecimals];
            // |value| <= 10^38 and 18 more digits: 2^63 of them still fit.
            total.sum += int256(feedback.value) * int256(10 ** uint256(MOST_DECIMALS - feedback.valueDecimals));
        }
    }

    /// @dev The average with the decimals that most ratings have (of two as frequent, the fewer), and with as many fewer
    ///      as it takes to fit: a value of 10^38 with 18 decimals would not, a value of 10^38 with none does.
    function _average(Summary memory total) private pure returns (int128 value, uint8 decimals) {
        for (uint8 i = 1; i <= MOST_DECIMALS; ++i) {
            if (total.ofDecimals[i] > total.ofDecimals[decimals]) decimals = i;
        }
        int256 average = total.sum / int256(uint256(total.count));
        int256 scaled = average / int256(10 ** uint256(MOST_DECIMALS - decimals));
        while (scaled != int128(scaled)) {
            scaled = average / int256(10 ** uint256(MOST_DECIMALS - --decimals));
        }
        return (int128(scaled), decimals);
    }

    /// @dev The answers to one rating, or with index 0 to all that a client gave.
    function _answersTo(uint256 agentId, address client, uint64 index, address[] calldata responders)
        private
        view
        returns (uint64 count)
    {
        if (index != 0) return _answers(_key(agentId, client, index), responders);
        for (index = 1; index <= _lastIndex[agentId][client]; ++index) {
            count += _answers(_key(agentId, client, index), responders);
        }
    }

    function _answers(bytes32 key, address[] memory responders) private view returns (uint64 count) {
        if (responders.length == 0) responders = _responders[key];
        for (uint256 i; i < responders.length; ++i) {
            count += _responses[key][responders[i]];
        }
    }

    function _collect(uint256 agentId, address[] memory asked, Filter memory filter)
        private
        view
        returns (Collected memory all)
    {
        if (asked.length == 0) asked = _clients[agentId];
        uint256 most;
        for (uint256 i; i < asked.length; ++i) {
            most += _lastIndex[agentId][asked[i]];
        }
        all = Collected(
            new address[](most),
            new uint64[](most),
            new int128[](most),
            new uint8[](most),
            new string[](most),
            new string[](most),
            new bool[](most),
            0
        );
        for (uint256 i; i < asked.length; ++i) {
            for (uint64 index = 1; index <= _lastIndex[agentId][asked[i]]; ++index) {
                if (!_passes(_feedback[agentId][asked[i]][index], filter)) continue;
                _put(all, asked[i], index, _feedback[agentId][asked[i]][index]);
            }
        }
        _trim(all);
    }

    function _put(Collected memory all, address client, uint64 index, Feedback memory feedback) private pure {
        uint256 place = all.count++;
        all.clients[place] = client;
        all.indexes[place] = index;
        all.values[place] = feedback.value;
        all.decimals[place] = feedback.valueDecimals;
        all.tag1s[place] = feedback.tag1;
        all.tag2s[place] = feedback.tag2;
        all.revoked[place] = feedback.isRevoked;
    }

    /// @dev Shortens every array to what was collected, in place.
    function _trim(Collected memory all) private pure {
        assembly ("memory-safe") {
            let count := mload(add(all, 0xe0))
            for { let place := 0 } lt(place, 0xe0) { place := add(place, 0x20) } {
                mstore(mload(add(all, place)), count)
            }
        }
    }

    function _passes(Feedback storage feedback, Filter memory filter) private view returns (bool) {
        if (feedback.isRevoked && !filter.includeRevoked) return false;
        if (filter.tag1 != ANY && filter.tag1 != keccak256(bytes(feedback.tag1))) return false;
        return filter.tag2 == ANY || filter.tag2 == keccak256(bytes(feedback.tag2));
    }

    function _requireKnown(uint256 agentId, address client, uint64 index) private view {
        bool known = index != 0 && index <= _lastIndex[agentId][client];
        require(known, UnknownFeedback(agentId, client, index));
    }

    function _key(uint256 agentId, address client, uint64 index) private pure returns (bytes32) {
        return keccak256(abi.encode(agentId, client, index));
    }
}
