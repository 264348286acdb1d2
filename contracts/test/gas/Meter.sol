// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";

/// @title Prints the gas of transactions, one line each, and their sum.
/// @notice Only a test that is run isolated (its inline configuration says so) measures transactions: the intrinsic gas
///         and the calldata are in, storage is cold, and what a clearing gives back is taken off.
abstract contract Meter {
    event log_named_uint(string step, uint256 gas);

    uint256 private _total;
    string[] private _steps;
    uint256[] private _costs;

    /// @notice Books the transaction that was sent last.
    function measured(string memory step) internal {
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        _total += gas;
        _steps.push(step);
        _costs.push(gas);
    }

    /// @notice Forgets what was booked: what is measured is the second time.
    function startOver() internal {
        delete _total;
        delete _steps;
        delete _costs;
    }

    /// @notice Closes the account of a life: it must not cost more than its goal.
    function assertTotal(uint256 goal) internal {
        for (uint256 i; i < _steps.length; ++i) {
            emit log_named_uint(_steps[i], _costs[i]);
        }
        emit log_named_uint("together", _total);
        vm.assertLe(_total, goal, "gas of all steps");
    }
}
