// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The governed parameters, each inside bounds that no vote can leave, and changed in steps that nobody is overrun by.
interface IParameters {
    /// @notice A parameter has a new value; defaults are emitted at deployment.
    /// @custom:trigger the timelock; the deployment
    /// @custom:step Parameter: value
    event ParamSet(bytes32 indexed key, bytes32 value);

    error UnknownParameter(bytes32 key);
    /// @notice The value is out of what `stepOf` allows: the bounds, and twice or half of the present value.
    error OutOfBounds(bytes32 key, uint256 value, uint256 lowest, uint256 highest);
    /// @notice The parameter was set less than 30 days ago.
    error ParameterRests(bytes32 key, uint64 restedFrom, uint256 time);
    /// @notice Two parameters would contradict each other.
    error OutOfOrder(bytes32 lower, uint256 lowerValue, bytes32 higher, uint256 higherValue);
    error WeightsMustSum(uint256 expected, uint256 found);
    error OnlyTimelock(address caller);
    error LengthsDiffer(uint256 keys, uint256 values);

    /// @notice Sets a parameter; for the timelock alone. Objects in flight keep what they recorded.
    function setParam(bytes32 key, uint256 value) external;

    /// @notice Sets several at once, checked together: weights can only change so.
    function setParams(bytes32[] calldata keys, uint256[] calldata values) external;

    /// @notice The value of a parameter; an unknown key reverts.
    function get(bytes32 key) external view returns (uint256);

    /// @notice The parameters that a task keeps, in one word; its layout is told at `Task` (ITaskMarket).
    function taskRules() external view returns (uint256);

    /// @notice The decay exponent X(t) of a half-life parameter, in 1/65536 half-lives since deployment.
    function exponentAt(bytes32 halfLifeKey, uint64 time) external view returns (uint256);

    /// @notice The longest that a dispute can take under the present windows, in seconds.
    function longestDispute() external view returns (uint256);

    /// @notice What a parameter may be set to next, and from when on: inside its bounds, at most doubled or halved, not again for
    ///         30 days. One that is 0 may come back up to its first value.
    function stepOf(bytes32 key) external view returns (uint256 lowest, uint256 highest, uint64 from);

    /// @notice The bounds that no vote can leave.
    function bounds(bytes32 key) external view returns (uint256 lowest, uint256 highest);
}
