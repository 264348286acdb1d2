// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { Watch } from "./Watch.sol";

/// @title A handler whose operations are numbered, chosen by the fuzzer, and never refused.
/// @notice An operation looks for something that it may be done to, starting where `pick` says. When there is nothing it is
///         idle; what it does must succeed, for a refusal reverts and fails the run (`fail_on_revert`). So a rule that
///         refuses too much is found like one that refuses too little. The table of how often each was done is printed.
abstract contract Ops is Watch {
    event log_named_uint(string what, uint256 times);

    string[] private _ops;
    mapping(uint256 op => uint256) public done;
    mapping(uint256 op => uint256) public idle;
    mapping(uint256 state => uint256) public seen;
    string[] private _states;

    /// @notice One operation of the fuzzer's choice.
    function act(uint256 op, uint256 pick, uint256 value) external {
        vm.recordLogs();
        op = bound(op, 0, _ops.length - 1);
        if (perform(op, pick, value)) {
            ++done[op];
            watch();
            look();
        } else {
            ++idle[op];
        }
    }

    /// @notice How many operations there are.
    function opCount() external view returns (uint256) {
        return _ops.length;
    }

    /// @notice Prints how often each operation was done, and how often each state was seen.
    function report() external {
        for (uint256 op; op < _ops.length; ++op) {
            emit log_named_uint(_ops[op], done[op]);
        }
        for (uint256 i; i < _states.length; ++i) {
            emit log_named_uint(_states[i], seen[i]);
        }
    }

    /// @notice Every operation was done, every state was seen.
    function assertReached() external view {
        for (uint256 op; op < _ops.length; ++op) {
            vm.assertGt(done[op], 0, string.concat("never done: ", _ops[op]));
        }
        for (uint256 i; i < _states.length; ++i) {
            vm.assertGt(seen[i], 0, string.concat("never seen: ", _states[i]));
        }
    }

    /// @dev Operations are numbered in the order in which they are named.
    function name(string memory op) internal {
        _ops.push(op);
    }

    /// @dev A state that a good walk sees; numbered like the operations.
    function expectState(string memory state) internal {
        _states.push(state);
    }

    /// @dev Does the operation to something that fits; false when nothing does.
    function perform(uint256 op, uint256 pick, uint256 value) internal virtual returns (bool);

    /// @dev Counts the states that are there after an operation.
    function look() internal virtual;
}
