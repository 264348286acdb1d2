// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "./interfaces/IBreaker.sol";
import { Genesis, Wiring } from "./libraries/Wiring.sol";

/// @notice See IBreaker.
contract Breaker is IBreaker {
    struct Trip {
        uint8 level;
        uint64 from;
        uint64 until;
        uint64 graceEnd;
    }

    uint64 internal constant LONGEST = 72 hours;
    uint64 internal constant GRACE = 6 hours;

    address internal immutable TIMELOCK;
    address internal immutable COUNCIL;

    mapping(address guardian => bool) internal _guardians;
    mapping(bytes32 scope => Trip) internal _trips;

    constructor(Wiring memory wiring, Genesis memory genesis) {
        TIMELOCK = wiring.timelock;
        COUNCIL = wiring.council;
        for (uint256 i; i < genesis.guardians.length; ++i) {
            _guardians[genesis.guardians[i]] = true;
            emit GuardianSet(genesis.guardians[i], true);
        }
    }

    /// @inheritdoc IBreaker
    function trip(bytes32 scope, uint8 level, uint64 duration, bytes32 reason) external {
        require(_guardians[msg.sender], OnlyGuardian(msg.sender));
        require(level == 1 || level == 2, UnknownLevel(level));
        require(duration != 0 && duration <= LONGEST, TooLong(duration, LONGEST));
        Trip storage last = _trips[scope];
        uint64 time = uint64(block.timestamp);
        // One guardian cannot hold the economy for longer by tripping again and again.
        require(time >= last.graceEnd, StillTripped(scope, last.graceEnd));
        uint64 until = time + duration;
        _trips[scope] = Trip(level, time, until, until + GRACE);
        emit BreakerTripped(scope, msg.sender, level, until, reason);
    }

    /// @inheritdoc IBreaker
    function reset(bytes32 scope) external {
        require(msg.sender == COUNCIL, OnlyCouncil(msg.sender));
        Trip storage last = _trips[scope];
        uint64 time = uint64(block.timestamp);
        require(time < last.until, NotTripped(scope));
        last.until = time;
        last.graceEnd = time + GRACE;
        emit BreakerReset(scope, msg.sender, time + GRACE);
    }

    /// @inheritdoc IBreaker
    function setGuardian(address guardian, bool trusted) external {
        require(msg.sender == TIMELOCK, OnlyTimelock(msg.sender));
        _guardians[guardian] = trusted;
        emit GuardianSet(guardian, trusted);
    }

    /// @inheritdoc IBreaker
    function levelOf(bytes32 scope) external view returns (uint8 level, uint64 until) {
        (level, until) = _level(scope);
        if (scope == 0) return (level, until);
        (uint8 everywhere, uint64 everywhereUntil) = _level(0);
        if (everywhere > level || (everywhere == level && everywhereUntil > until)) {
            return (everywhere, everywhereUntil);
        }
    }

    /// @inheritdoc IBreaker
    function shifted(bytes32 scope, uint64 deadline) external view returns (uint64) {
        uint64 moved = _shifted(0, deadline);
        return scope == 0 ? moved : _shifted(scope, moved);
    }

    /// @inheritdoc IBreaker
    function isGuardian(address guardian) external view returns (bool) {
        return _guardians[guardian];
    }

    /// @inheritdoc IBreaker
    function tripOf(bytes32 scope) external view returns (uint8 level, uint64 from, uint64 until, uint64 graceEnd) {
        Trip memory last = _trips[scope];
        return (last.level, last.from, last.until, last.graceEnd);
    }

    function _level(bytes32 scope) private view returns (uint8 level, uint64 until) {
        Trip memory last = _trips[scope];
        return block.timestamp < last.until ? (last.level, last.until) : (0, 0);
    }

    function _shifted(bytes32 scope, uint64 deadline) private view returns (uint64) {
        Trip memory last = _trips[scope];
        bool hit = last.level == 2 && deadline >= last.from && deadline < last.graceEnd;
        return hit ? last.graceEnd : deadline;
    }
}
