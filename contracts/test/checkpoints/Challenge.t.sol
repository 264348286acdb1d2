// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { CheckpointsCase } from "./CheckpointsCase.sol";

contract ChallengeCheckpointTest is CheckpointsCase {
    function test_Challenges_that_are_refused() public {
        post(1, roots(0, 1_999));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.ChallengerMissing.selector, 1));
        openByClient(6, 1);
        vm.expectRevert();
        openByWatcher(6, uint256(1) << 64 | 1);
        vm.warp(checkpoints.candidateOf(1).finalAt);
        vm.expectRevert();
        openByWatcher(6, 1);
        vm.startPrank(wiring.disputes);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.WrongKind.selector, 7));
        checkpoints.challenge(1, 7, 1, watcherId, watcher);
        vm.stopPrank();
        bytes memory stranger = abi.encodeWithSelector(Module.OnlyModule.selector, address(this));
        vm.expectRevert(stranger);
        checkpoints.challenge(1, 6, 1, watcherId, watcher);
        vm.expectRevert(stranger);
        checkpoints.rule(1, 6, 1, 1, 1, 0);
        vm.expectRevert(stranger);
        checkpoints.forfeitSigners(1, 1);
    }
}
