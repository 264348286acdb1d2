// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";

/// @title Prints the gas of transactions, one line each, and their sum.
/// @notice Only a test that is run isolated (its inline configuration says so) measures transactions: the intrinsic gas
///         and the calldata are in, storage is cold, and what a clearing gives back is taken off.
abstract contract Meter {
    /// @dev No chain takes a larger contract: code above it was compiled without the optimizer, as for the coverage.
    uint256 private constant LARGEST_CODE = 24_576;

    event log_named_uint(string step, uint256 gas);

    uint256 private _total;
    uint256 private _beside;
    string[] private _steps;
    uint256[] private _costs;

    /// @notice Books the transaction that was sent last.
    function measured(string memory step) internal {
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        _total += gas;
        _steps.push(step);
        _costs.push(gas);
    }

    /// @notice Likewise, for a transaction that the goal does not speak of.
    function besides(string memory step) internal {
        measured(step);
        _beside += _costs[_costs.length - 1];
    }

    /// @notice Forgets what was booked: what is measured is the second time.
    function startOver() internal {
        delete _total;
        delete _beside;
        delete _steps;
        delete _costs;
    }

    /// @notice Closes the account of a life: it must not cost more than its goal.
    function assertTotal(uint256 goal, address sample) internal {
        assertTotal(goal, goal, sample);
    }

    /// @notice Likewise where the goal is missed: what was reached must not be lost again.
    /// @param most What was reached.
    /// @param sample A contract that is called: without the optimizer figures are printed and not judged.
    function assertTotal(uint256 goal, uint256 most, address sample) internal {
        for (uint256 i; i < _steps.length; ++i) {
            emit log_named_uint(_steps[i], _costs[i]);
        }
        emit log_named_uint("together", _total);
        if (_beside != 0) emit log_named_uint("together, without what the goal does not speak of", _total - _beside);
        emit log_named_uint("goal", goal);
        if (sample.code.length <= LARGEST_CODE) vm.assertLe(_total - _beside, most, "gas of all steps");
    }
}
