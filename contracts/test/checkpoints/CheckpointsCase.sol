// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EpochCheckpoints } from "../../src/court/EpochCheckpoints.sol";
import { CandidateState, Roots } from "../../src/interfaces/ICheckpoints.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @title Epochs, their candidates, posters and signers. A test that posts once has candidate 1.
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

    function post(uint64 epoch, Roots memory r) internal returns (uint256 candidateId) {
        return postBy(maker, makerId, epoch, r);
    }

    function postBy(address poster, uint256 posterId, uint64 epoch, Roots memory r)
        internal
        returns (uint256 candidateId)
    {
        vm.prank(poster);
        return checkpoints.post(epoch, posterId, r);
    }

    function drawn(uint256 candidateId) internal returns (uint256[] memory) {
        vm.roll(checkpoints.candidateOf(candidateId).seedBlock + 1);
        checkpoints.drawSigners(candidateId);
        return checkpoints.panelOf(candidateId);
    }

    function sign(uint256 candidateId, uint256 verifierId) internal {
        address owner = registry.ownerOf(verifierId);
        vm.prank(owner);
        checkpoints.sign(candidateId, verifierId);
    }

    function signBy(uint256 candidateId, uint256 count) internal {
        uint256[] memory panel = checkpoints.panelOf(candidateId);
        for (uint256 i; i < count; ++i) {
            sign(candidateId, panel[i]);
        }
    }

    function settle(uint256 candidateId) internal {
        vm.warp(checkpoints.candidateOf(candidateId).finalAt);
        checkpoints.settleCandidate(candidateId);
    }

    function stateOf(uint256 candidateId) internal view returns (CandidateState) {
        return checkpoints.candidateOf(candidateId).state;
    }

    /// @notice An epoch from its posting to its acceptance.
    function accepted(uint64 epoch, Roots memory r) internal returns (uint256 candidateId) {
        candidateId = post(epoch, r);
        drawn(candidateId);
        signBy(candidateId, 5);
        settle(candidateId);
    }
}
