// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Economy } from "../Economy.sol";
import { vm, Vm } from "../Vm.sol";

/// @notice A contract that inherits the original (so it has the same storage layout, slot by slot) and writes its
///         storage from events alone.
interface IReplica {
    /// @param log Any event of the economy, in order; the replica takes those that concern it.
    function fold(Vm.Log calldata log) external;
}

/// @title Proof that the events carry the complete state.
/// @notice Follows originals with replicas: after every action the recorded events are folded into each replica, and
///         every storage slot that the original or the replica has ever written must hold the same word in both.
abstract contract Fold is Economy {
    address[] private _originals;
    address[] private _replicas;
    Vm.Log[] private _beginning;

    function setUp() public virtual override {
        vm.recordLogs();
        vm.record();
        super.setUp();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            _beginning.push(logs[i]);
        }
    }

    /// @notice Pairs an original with its replica, and tells the replica what happened at deployment.
    function follow(address original, address replica) internal {
        _originals.push(original);
        _replicas.push(replica);
        for (uint256 i; i < _beginning.length; ++i) {
            IReplica(replica).fold(_beginning[i]);
        }
        vm.getRecordedLogs();
    }

    /// @notice Folds what happened since the last call; to be called before time moves on.
    function foldNow() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (_isReplica(logs[i].emitter)) continue;
            for (uint256 k; k < _replicas.length; ++k) {
                IReplica(_replicas[k]).fold(logs[i]);
            }
        }
        vm.getRecordedLogs();
    }

    /// @notice Forgets what was recorded since the last fold: the recorder also keeps what a refused call emitted before
    ///         it was undone, and that never happened.
    function dropLogs() internal {
        vm.getRecordedLogs();
    }

    /// @notice Compares the complete storage of every pair.
    function assertFolded() internal {
        for (uint256 k; k < _originals.length; ++k) {
            (, bytes32[] memory written) = vm.accesses(_originals[k]);
            _assertEqualSlots(k, written);
            (, written) = vm.accesses(_replicas[k]);
            _assertEqualSlots(k, written);
        }
    }

    function _assertEqualSlots(uint256 k, bytes32[] memory slots) private view {
        for (uint256 i; i < slots.length; ++i) {
            vm.assertEq(
                vm.load(_replicas[k], slots[i]),
                vm.load(_originals[k], slots[i]),
                string.concat("slot ", vm.toString(slots[i]), " differs between replica and original ", vm.toString(k))
            );
        }
    }

    function _isReplica(address emitter) private view returns (bool) {
        for (uint256 k; k < _replicas.length; ++k) {
            if (_replicas[k] == emitter) return true;
        }
        return false;
    }
}
