// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../interfaces/IReputation.sol";
import { Decay } from "../libraries/Decay.sol";
import { Causes, Domains } from "../libraries/Domains.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";
import { FeedbackRegistry } from "./FeedbackRegistry.sol";

/// @notice See IReputation.
/// @dev Always holds: an accumulator is only added to, and reading it writes nothing, so nobody can make a score decay
///      faster or slower. Scores come from modules alone.
contract Reputation is FeedbackRegistry {
    struct Standing {
        int256 accumulator;
        uint64 lastActive;
    }

    uint256 internal constant MICRO = 1e6;
    /// @dev value / 1000 in points is value / 10^15 in micropoints, at most 10 points.
    uint256 internal constant VALUE_UNIT = 1e15;
    uint256 internal constant MOST_BY_VALUE = 10e6;
    uint256 internal constant COMPLETION = 10;
    int256 internal constant HALF_STRIKE = 500_000;

    address internal immutable TASK_MARKET;

    mapping(address module => bool) internal _judges;
    mapping(uint256 agentId => mapping(bytes32 domain => Standing)) internal _standings;
    mapping(uint256 agentId => mapping(address client => uint256)) internal _completions;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "reputation") {
        TASK_MARKET = wiring.taskMarket;
        _judges[wiring.taskMarket] = true;
        _judges[wiring.dataLeases] = true;
        _judges[wiring.disputes] = true;
        _judges[wiring.bounties] = true;
        _judges[wiring.checkpoints] = true;
        _judges[wiring.rewards] = true;
    }

    /// @inheritdoc IReputation
    function add(uint256 agentId, bytes32 domain, bytes32 ref, int256 increment, uint8 cause) external {
        require(_judges[msg.sender], OnlyModule(msg.sender));
        _add(agentId, domain, ref, increment, cause);
    }

    /// @inheritdoc IReputation
    function addCompletion(uint256 agentId, bytes32 domain, uint256 taskId, uint256 netPrice, address client) external {
        require(msg.sender == TASK_MARKET, OnlyModule(msg.sender));
        uint256 phi = netPrice * MICRO / PARAMETERS.get(Keys.VALUE_FULL);
        if (phi > MICRO) phi = MICRO;
        uint256 byValue = netPrice / VALUE_UNIT;
        if (byValue > MOST_BY_VALUE) byValue = MOST_BY_VALUE;
        uint256 completions = ++_completions[agentId][client];
        emit CompletionCounted(agentId, client, taskId, completions);
        int256 increment = int256((COMPLETION * phi + byValue) / completions);
        _add(agentId, domain, bytes32(taskId), increment, Causes.COMPLETED);
    }

    /// @inheritdoc IReputation
    function scoreOf(uint256 agentId, bytes32 domain) public view returns (int256) {
        return Decay.read(_standings[agentId][domain].accumulator, _exponent(domain));
    }

    /// @inheritdoc IReputation
    function accumulatorOf(uint256 agentId, bytes32 domain) external view returns (int256) {
        return _standings[agentId][domain].accumulator;
    }

    /// @inheritdoc IReputation
    function lastActiveOf(uint256 agentId, bytes32 domain) external view returns (uint64) {
        return _standings[agentId][domain].lastActive;
    }

    /// @inheritdoc IReputation
    function completionsOf(uint256 agentId, address client) external view returns (uint256) {
        return _completions[agentId][client];
    }

    /// @inheritdoc IReputation
    function strikesOf(uint256 agentId) external view returns (uint256) {
        return uint256((scoreOf(agentId, Domains.STRIKE) + HALF_STRIKE) / int256(MICRO));
    }

    function _add(uint256 agentId, bytes32 domain, bytes32 ref, int256 increment, uint8 cause) private {
        uint256 exponent = _exponent(domain);
        Standing storage standing = _standings[agentId][domain];
        int256 accumulator = Decay.add(standing.accumulator, increment, exponent);
        _set(standing, accumulator);
        emit ReputationSet(agentId, domain, ref, Decay.read(accumulator, exponent), accumulator, cause);
    }

    /// @dev Who earned something was active; who lost something may only have been caught.
    function _set(Standing storage standing, int256 accumulator) internal {
        if (Decay.grew(standing.accumulator, accumulator)) standing.lastActive = _now();
        standing.accumulator = accumulator;
    }

    function _exponent(bytes32 domain) private view returns (uint256) {
        bytes32 halfLife = domain == Domains.STRIKE ? Keys.STRIKE_HALF_LIFE : Keys.REP_HALF_LIFE;
        return PARAMETERS.exponentAt(halfLife, _now());
    }
}
