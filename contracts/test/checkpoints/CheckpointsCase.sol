// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EpochCheckpoints } from "../../src/court/EpochCheckpoints.sol";
import { Roots } from "../../src/interfaces/ICheckpoints.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @title Epochs, their posters and their signers.
abstract contract CheckpointsCase is Courtroom {
    EpochCheckpoints internal checkpoints;

    function setUp() public virtual override {
        super.setUp();
        checkpoints = EpochCheckpoints(wiring.checkpoints);
        vm.roll(2_000);
    }

    function roots(uint64 fromBlock, uint64 toBlock) internal pure returns (Roots memory) {
        return Roots("log", "state", fromBlock, toBlock, 7);
    }

    function post(uint64 epoch, Roots memory r) internal {
        vm.prank(maker);
        checkpoints.post(epoch, makerId, r);
    }

    function drawn(uint64 epoch) internal returns (uint256[] memory) {
        vm.roll(checkpoints.checkpointOf(epoch).seedBlock + 1);
        checkpoints.drawSigners(epoch);
        return checkpoints.panelOf(epoch);
    }

    function sign(uint64 epoch, uint256 verifierId) internal {
        address owner = registry.ownerOf(verifierId);
        vm.prank(owner);
        checkpoints.sign(epoch, verifierId);
    }

    function signBy(uint64 epoch, uint256 count) internal {
        uint256[] memory panel = checkpoints.panelOf(epoch);
        for (uint256 i; i < count; ++i) {
            sign(epoch, panel[i]);
        }
    }

    function settle(uint64 epoch) internal {
        vm.warp(checkpoints.checkpointOf(epoch).finalAt);
        checkpoints.settleCheckpoint(epoch);
    }
}
