// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IParameters } from "../interfaces/IParameters.sol";
import { Rules } from "../interfaces/ITaskMarket.sol";
import { Keys } from "../libraries/Keys.sol";
import { Packed } from "../libraries/Packed.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice See IParameters.
/// @dev Always holds: every value is inside its bounds, at most twice and at least half of the one before, and 30 days old
///      when it changes again. Also keeps the decay clocks: when a half-life changes, the exponent reached so far is kept, so
///      that no score moves.
contract Parameters is IParameters {
    struct Value {
        uint184 value;
        /// When a vote last set it; 0: it is the deployment's.
        uint64 changedAt;
        bool known;
    }

    /// @dev X(t) = exponent + (t - since) * 65536 / halfLife, in 1/65536 half-lives.
    struct DecayClock {
        uint64 since;
        uint128 exponent;
    }

    uint256 internal constant LONGEST_CHALLENGE = 2 days;
    uint256 internal constant COURT_ROUNDS = 3;
    uint256 internal constant COURT_ATTEMPTS = 2;
    /// @dev Three votes of ten days: who lives by a value sees the next step come.
    uint64 internal constant REST = 30 days;

    address internal immutable TIMELOCK;

    mapping(bytes32 key => Value) internal _values;
    mapping(bytes32 halfLifeKey => DecayClock) internal _clocks;
    /// @dev Twelve of the values again, so that the creation of a task reads one word.
    uint256 internal _taskRules;

    constructor(Wiring memory wiring, Genesis memory) {
        TIMELOCK = wiring.timelock;
        for (uint256 i; i < Keys.COUNT; ++i) {
            (bytes32 key, uint256 value,,) = Keys.row(i);
            _values[key] = Value(uint184(value), 0, true);
            if (_isHalfLife(key)) _clocks[key].since = uint64(block.timestamp);
            emit ParamSet(key, bytes32(value));
        }
        _taskRules = _packTaskRules();
    }

    /// @inheritdoc IParameters
    function setParam(bytes32 key, uint256 value) external {
        require(msg.sender == TIMELOCK, OnlyTimelock(msg.sender));
        _set(key, value);
        _requireOrder();
        _taskRules = _packTaskRules();
    }

    /// @inheritdoc IParameters
    function setParams(bytes32[] calldata keys, uint256[] calldata values) external {
        require(msg.sender == TIMELOCK, OnlyTimelock(msg.sender));
        require(keys.length == values.length, LengthsDiffer(keys.length, values.length));
        for (uint256 i; i < keys.length; ++i) {
            _set(keys[i], values[i]);
        }
        _requireOrder();
        _taskRules = _packTaskRules();
    }

    /// @inheritdoc IParameters
    function get(bytes32 key) public view returns (uint256) {
        Value memory found = _values[key];
        require(found.known, UnknownParameter(key));
        return found.value;
    }

    /// @inheritdoc IParameters
    function bounds(bytes32 key) external pure returns (uint256 lowest, uint256 highest) {
        (, lowest, highest) = _rowOf(key);
    }

    /// @inheritdoc IParameters
    function stepOf(bytes32 key) public view returns (uint256 lowest, uint256 highest, uint64 from) {
        uint256 initial;
        (initial, lowest, highest) = _rowOf(key);
        Value memory last = _values[key];
        // From nothing nothing doubles: a parameter that was set to 0 comes back by its first value.
        uint256 most = last.value == 0 ? initial : 2 * uint256(last.value);
        if (most < highest) highest = most;
        if (last.value / 2 > lowest) lowest = last.value / 2;
        from = last.changedAt == 0 ? 0 : last.changedAt + REST;
    }

    /// @inheritdoc IParameters
    function exponentAt(bytes32 halfLifeKey, uint64 time) public view returns (uint256) {
        uint256 halfLife = get(halfLifeKey);
        DecayClock memory clock = _clocks[halfLifeKey];
        require(clock.since != 0, UnknownParameter(halfLifeKey));
        if (time <= clock.since) return clock.exponent;
        return clock.exponent + uint256(time - clock.since) * 65536 / halfLife;
    }

    function _set(bytes32 key, uint256 value) private {
        (uint256 lowest, uint256 highest, uint64 from) = stepOf(key);
        require(value >= lowest && value <= highest, OutOfBounds(key, value, lowest, highest));
        require(block.timestamp >= from, ParameterRests(key, from, block.timestamp));
        if (_isHalfLife(key)) {
            _clocks[key] = DecayClock(uint64(block.timestamp), uint128(exponentAt(key, uint64(block.timestamp))));
        }
        _values[key] = Value(uint184(value), uint64(block.timestamp), true);
        emit ParamSet(key, bytes32(value));
    }

    /// @inheritdoc IParameters
    function taskRules() external view returns (uint256) {
        return _taskRules;
    }

    function _packTaskRules() internal view returns (uint256) {
        Rules memory rules;
        rules.fee = uint16(get(Keys.PROTOCOL_FEE));
        rules.yieldRate = uint16(get(Keys.YIELD_RATE));
        rules.noStartRate = uint16(get(Keys.NO_START_RATE));
        rules.lapseRate = uint16(get(Keys.LAPSE_RATE));
        rules.missedRate = uint16(get(Keys.MISSED_RATE));
        rules.unrevealedRate = uint16(get(Keys.UNREVEALED_RATE));
        rules.wPrice = uint16(get(Keys.W_PRICE));
        rules.wRep = uint16(get(Keys.W_REP));
        rules.wRec = uint16(get(Keys.W_REC));
        rules.maxRounds = uint16(get(Keys.MAX_ROUNDS));
        rules.recHalfLife = uint32(get(Keys.REC_HALF_LIFE));
        rules.repK = uint64(get(Keys.REP_K));
        return Packed.pack(rules);
    }

    function _rowOf(bytes32 key) private pure returns (uint256 initial, uint256 lowest, uint256 highest) {
        for (uint256 i; i < Keys.COUNT; ++i) {
            bytes32 candidate;
            (candidate, initial, lowest, highest) = Keys.row(i);
            if (candidate == key) return (initial, lowest, highest);
        }
        revert UnknownParameter(key);
    }

    function _isHalfLife(bytes32 key) private pure returns (bool) {
        return key == Keys.REP_HALF_LIFE || key == Keys.REC_HALF_LIFE || key == Keys.STRIKE_HALF_LIFE;
    }

    /// @dev The better behaviour is always cheaper, seats are always affordable, stake outlives every dispute.
    function _requireOrder() private view {
        _requireLeq(Keys.YIELD_RATE, Keys.NO_START_RATE);
        _requireLeq(Keys.NO_START_RATE, Keys.LAPSE_RATE);
        _requireLeq(Keys.LAPSE_RATE, Keys.MISSED_RATE);
        _requireLeq(Keys.INCOHERENT_DETERMINISTIC, Keys.ABSENT_SLASH);
        _requireLeq(Keys.INCOHERENT_JUDGED, Keys.ABSENT_SLASH);
        _requireLeq(Keys.MIN_SEAT, Keys.MAX_SEAT);
        _requireLeq(Keys.MAX_SEAT, Keys.MIN_STAKE_VERIFIER);
        uint256 weights = get(Keys.W_PRICE) + get(Keys.W_REP) + get(Keys.W_REC);
        require(weights == 10_000, WeightsMustSum(10_000, weights));
        uint256 longest = LONGEST_CHALLENGE + longestDispute();
        uint256 unbonding = get(Keys.UNBONDING);
        require(unbonding >= longest, OutOfOrder("longestDispute", longest, Keys.UNBONDING, unbonding));
    }

    /// @inheritdoc IParameters
    function longestDispute() public view returns (uint256) {
        uint256 attempt = get(Keys.DRAW_BY) + get(Keys.COMMIT_WINDOW) + get(Keys.REVEAL_WINDOW);
        return get(Keys.EVIDENCE_WINDOW) + COURT_ROUNDS * COURT_ATTEMPTS * attempt + (COURT_ROUNDS - 1)
            * get(Keys.APPEAL_WINDOW);
    }

    function _requireLeq(bytes32 lower, bytes32 higher) private view {
        uint256 lowerValue = get(lower);
        uint256 higherValue = get(higher);
        require(lowerValue <= higherValue, OutOfOrder(lower, lowerValue, higher, higherValue));
    }
}
