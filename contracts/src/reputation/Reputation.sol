// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../interfaces/IReputation.sol";
import { Decay } from "../libraries/Decay.sol";
import { Causes, Domains } from "../libraries/Domains.sol";
import { Esteem } from "../libraries/Esteem.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";
import { FeedbackRegistry } from "./FeedbackRegistry.sol";

/// @notice See IReputation.
/// @dev Always holds: an accumulator is only added to, and reading it writes nothing, so nobody can make a score decay
///      faster or slower. Scores come from modules alone.
contract Reputation is FeedbackRegistry {
    /// @dev `earned` belongs to `day`; `crowd` counts full tasks of clients without a history, in ppm.
    struct Standing {
        int256 accumulator;
        uint64 lastActive;
        uint32 day;
        uint64 earned;
        uint96 crowd;
    }

    /// @dev What a client has settled in all, and before `day`.
    struct Patron {
        uint112 settled;
        uint112 earlier;
        uint32 day;
    }

    int256 internal constant HALF_STRIKE = 500_000;

    address internal immutable TASK_MARKET;

    mapping(address module => bool) internal _judges;
    mapping(uint256 agentId => mapping(bytes32 domain => Standing)) internal _standings;
    mapping(uint256 agentId => mapping(address client => uint256)) internal _completions;
    mapping(address client => Patron) internal _patrons;

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
        uint256 completions = ++_completions[agentId][client];
        emit CompletionCounted(agentId, client, taskId, completions);
        uint256 weight = Esteem.weight(_earlierOf(client));
        uint256 settled = _patrons[client].settled + netPrice;
        _settle(client, settled);
        Standing storage standing = _standings[agentId][domain];
        uint256 earned = earnedToday(agentId, domain);
        (uint256 points, uint256 phi) = Esteem.worth(netPrice, PARAMETERS.get(Keys.VALUE_FULL));
        uint256 increment = Esteem.increment(points, weight, completions, standing.crowd, earned);
        uint256 crowd = standing.crowd + phi * (Esteem.MICRO - weight) / Esteem.MICRO;
        _earn(standing, crowd, earned + increment);
        emit CompletionWeighed(agentId, domain, client, taskId, weight, crowd, earned + increment, settled);
        _add(agentId, domain, bytes32(taskId), int256(increment), Causes.COMPLETED);
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
    function settledBy(address client) external view returns (uint256 settled, uint256 weight) {
        return (_patrons[client].settled, Esteem.weight(_earlierOf(client)));
    }

    /// @inheritdoc IReputation
    function crowdOf(uint256 agentId, bytes32 domain) external view returns (uint256) {
        return _standings[agentId][domain].crowd;
    }

    /// @inheritdoc IReputation
    function earnedToday(uint256 agentId, bytes32 domain) public view returns (uint256) {
        Standing storage standing = _standings[agentId][domain];
        return standing.day == _today() ? standing.earned : 0;
    }

    /// @inheritdoc IReputation
    function strikesOf(uint256 agentId) external view returns (uint256) {
        return uint256((scoreOf(agentId, Domains.STRIKE) + HALF_STRIKE) / int256(Esteem.MICRO));
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

    function _earn(Standing storage standing, uint256 crowd, uint256 earned) internal {
        standing.day = _today();
        standing.earned = uint64(earned);
        standing.crowd = uint96(crowd);
    }

    function _settle(address client, uint256 settled) internal {
        Patron storage patron = _patrons[client];
        patron.earlier = uint112(_earlierOf(client));
        patron.settled = uint112(settled);
        patron.day = _today();
    }

    /// @dev What the client had settled when today began.
    function _earlierOf(address client) private view returns (uint256) {
        Patron storage patron = _patrons[client];
        return patron.day == _today() ? patron.earlier : patron.settled;
    }

    function _today() private view returns (uint32) {
        return uint32(block.timestamp / 1 days);
    }

    function _exponent(bytes32 domain) private view returns (uint256) {
        bytes32 halfLife = domain == Domains.STRIKE ? Keys.STRIKE_HALF_LIFE : Keys.REP_HALF_LIFE;
        return PARAMETERS.exponentAt(halfLife, _now());
    }
}
