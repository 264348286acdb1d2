// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";
import { Fold } from "./Fold.sol";

/// @notice What a replica must remember between two events and has no slot for in its own storage.
contract Notebook {
    mapping(bytes32 key => bytes32) public noted;

    function note(bytes32 key, bytes32 value) external {
        noted[key] = value;
    }
}

/// @title A random walk over the actions of a contract, folded after every step.
/// @notice Actions that are refused are part of the walk: they must leave no trace. A walk of the checked-in seed is long
///         enough to reach every function (`assertReached`).
abstract contract Walk is Commons, Fold {
    mapping(bytes4 selector => uint256) internal reached;
    uint256 internal random;

    function setUp() public virtual override(Commons, Fold) {
        super.setUp();
    }

    /// @dev One random action; time may move before it.
    function step() internal virtual;

    function walk(uint256 seed, uint256 steps) internal {
        random = seed;
        for (uint256 i; i < steps; ++i) {
            step();
            foldNow();
        }
        assertFolded();
    }

    function dice(uint256 sides) internal virtual returns (uint256) {
        random = uint256(keccak256(abi.encode(random)));
        return (random >> 16) % sides;
    }

    function attempt(address who, address target, bytes memory data) internal virtual override returns (bool done) {
        foldNow();
        done = super.attempt(who, target, data);
        if (done) ++reached[bytes4(data)];
        else dropLogs();
    }

    function skip(uint256 seconds_) internal virtual override {
        foldNow();
        super.skip(seconds_);
    }

    function assertReached(bytes4 selector) internal view {
        vm.assertGt(reached[selector], 0, vm.toString(bytes32(selector)));
    }
}
