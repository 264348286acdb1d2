// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "./interfaces/IBreaker.sol";
import { Genesis, Wiring } from "./libraries/Wiring.sol";

/// @notice See IBreaker.
/// @dev Always holds: the trips of a scope are kept for ever, follow each other without overlapping, and leave at least as
///      much time between a grace end and the next trip as the last trip took. So a deadline that a trip has moved stays
///      moved, and no trip of the same scope can move it again. A trip that begins while another one still owes its rest, of
///      everything or of a scope, owes that rest too: what stands still by both stands still for at most half of the time.
contract Breaker is IBreaker {
    struct Trip {
        uint8 level;
        uint64 from;
        uint64 until;
        uint64 graceEnd;
        /// The rest that was still owed when it began, in seconds.
        uint48 owed;
    }

    uint64 internal constant LONGEST = 72 hours;
    uint64 internal constant GRACE = 6 hours;
    /// @dev A deadline moves twice at most, by a trip of its contract that runs into one of everything; more often only where
    ///      the council resets a trip in the second in which it began, for that owes no rest.
    uint256 internal constant MOST_MOVES = 4;

    address internal immutable TIMELOCK;
    address internal immutable COUNCIL;

    mapping(address guardian => bool) internal _guardians;
    mapping(bytes32 scope => Trip[]) internal _trips;
    /// @dev Until when any scope's trip still owes rest, at the latest; a reset does not make it earlier.
    uint64 internal _scopesRestUntil;

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
        uint64 time = uint64(block.timestamp);
        // Guardians cannot hold the economy for longer by tripping again and again.
        uint64 rested = _restedFrom(scope);
        require(time >= rested, StillTripped(scope, rested));
        uint64 until = time + duration;
        _push(scope, level, time, until);
        emit BreakerTripped(scope, msg.sender, level, until, reason);
    }

    /// @inheritdoc IBreaker
    function reset(bytes32 scope) external {
        require(msg.sender == COUNCIL, OnlyCouncil(msg.sender));
        Trip[] storage trips = _trips[scope];
        uint64 time = uint64(block.timestamp);
        require(trips.length != 0 && time < trips[trips.length - 1].until, NotTripped(scope));
        Trip storage last = trips[trips.length - 1];
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
        for (uint256 i; i < MOST_MOVES; ++i) {
            uint64 moved = _shifted(0, deadline);
            if (scope != 0) moved = _shifted(scope, moved);
            if (moved == deadline) break;
            deadline = moved;
        }
        return deadline;
    }

    /// @inheritdoc IBreaker
    function isGuardian(address guardian) external view returns (bool) {
        return _guardians[guardian];
    }

    /// @inheritdoc IBreaker
    function tripOf(bytes32 scope) external view returns (uint8 level, uint64 from, uint64 until, uint64 graceEnd) {
        Trip memory last = _last(scope);
        return (last.level, last.from, last.until, last.graceEnd);
    }

    function _level(bytes32 scope) private view returns (uint8 level, uint64 until) {
        Trip memory last = _last(scope);
        return block.timestamp < last.until ? (last.level, last.until) : (0, 0);
    }

    /// @dev The latest trip, ended or not; empty before the first.
    function _last(bytes32 scope) private view returns (Trip memory last) {
        Trip[] storage trips = _trips[scope];
        uint256 count = trips.length;
        if (count != 0) last = trips[count - 1];
    }

    function _push(bytes32 scope, uint8 level, uint64 time, uint64 until) internal {
        uint64 otherRests = scope == 0 ? _scopesRestUntil : _endOfRest(_last(0));
        uint48 owed = otherRests > time ? uint48(otherRests - time) : 0;
        Trip memory begun = Trip(level, time, until, until + GRACE, owed);
        _trips[scope].push(begun);
        if (scope == 0) return;
        uint64 restsUntil = _endOfRest(begun);
        if (restsUntil > _scopesRestUntil) _scopesRestUntil = restsUntil;
    }

    /// @dev From when the scope may be tripped again: its grace has ended, and it has worked for as long as it stood still. A
    ///      level 2 trip of everything is one of every scope; a level 1 trip of everything stands before a scope's only where
    ///      it fell into the scope's own rest.
    function _restedFrom(bytes32 scope) private view returns (uint64 rested) {
        rested = _endOfRest(_last(scope));
        if (scope == 0) return rested;
        Trip memory everything = _last(0);
        uint64 all = _endOfRest(everything);
        if (all > rested && (everything.level == 2 || everything.from < rested)) rested = all;
    }

    function _endOfRest(Trip memory last) private pure returns (uint64) {
        return last.graceEnd + (last.until - last.from) + last.owed;
    }

    /// @dev The first trip whose grace ends after the deadline is the only one that the deadline can lie in.
    function _shifted(bytes32 scope, uint64 deadline) private view returns (uint64) {
        Trip[] storage trips = _trips[scope];
        uint256 high = trips.length;
        // Nearly every deadline lies after the latest trip.
        if (high == 0 || trips[high - 1].graceEnd <= deadline) return deadline;
        uint256 low;
        while (low + 1 < high) {
            uint256 middle = (low + high) / 2;
            if (trips[middle - 1].graceEnd > deadline) high = middle;
            else low = middle;
        }
        Trip memory found = trips[low];
        return found.level == 2 && deadline >= found.from ? found.graceEnd : deadline;
    }
}
