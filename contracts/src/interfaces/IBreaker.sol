// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The circuit breaker: guardians stop new openings (level 1) or also timeouts (level 2), for 72 hours at most.
/// @notice Withdrawals, redeems and refunds never ask it. A deadline that falls into a level 2 trip moves to its grace end.
interface IBreaker {
    /// @notice A guardian tripped a scope (0 = everything). Without a reset, grace ends 6 hours after `until`.
    /// @custom:trigger a guardian
    /// @custom:step Breaker: Closed -> Tripped (1 or 2)
    event BreakerTripped(bytes32 indexed scope, address indexed by, uint8 level, uint64 until, bytes32 reason);
    /// @notice The council ended a trip early.
    /// @custom:trigger the council, 3 of 5
    /// @custom:step Breaker: Tripped -> Grace
    event BreakerReset(bytes32 indexed scope, address indexed by, uint64 graceEnd);

    /// @notice The timelock named or dismissed a guardian; the first ones come with the deployment.
    /// @custom:trigger the timelock; the deployment
    /// @custom:step Breaker: guardians
    event GuardianSet(address indexed guardian, bool trusted);

    error OnlyGuardian(address caller);
    error OnlyCouncil(address caller);
    error OnlyTimelock(address caller);
    error UnknownLevel(uint8 level);
    error TooLong(uint64 duration, uint64 longest);
    error StillTripped(bytes32 scope, uint64 restedFrom);
    error NotTripped(bytes32 scope);
    /// @notice What a module throws while a level 1 or 2 trip holds.
    error Tripped(bytes32 scope, uint8 level, uint64 until);

    /// @notice Trips a scope for at most 72 hours; any guardian. Not again before the last trip's grace has ended and as
    ///         much time has passed after it as the trip took; a level 2 trip of everything counts for every scope. A trip
    ///         of everything that begins while a scope still rests, or of a scope while everything does, takes the rest of
    ///         that rest over.
    function trip(bytes32 scope, uint8 level, uint64 duration, bytes32 reason) external;

    /// @notice Ends a trip; for the council (3 of 5). Deadlines inside it get 6 hours of grace from now.
    function reset(bytes32 scope) external;

    /// @notice Names or dismisses a guardian; for the timelock.
    function setGuardian(address guardian, bool trusted) external;

    function isGuardian(address guardian) external view returns (bool);

    /// @notice The latest trip of a scope, ended or not.
    function tripOf(bytes32 scope) external view returns (uint8 level, uint64 from, uint64 until, uint64 graceEnd);

    /// @notice The level in force for a scope, with the trip of everything counted in, and until when.
    function levelOf(bytes32 scope) external view returns (uint8 level, uint64 until);

    /// @notice The deadline as all level 2 trips so far, of the scope and of everything, have moved it; never back.
    function shifted(bytes32 scope, uint64 deadline) external view returns (uint64);
}
