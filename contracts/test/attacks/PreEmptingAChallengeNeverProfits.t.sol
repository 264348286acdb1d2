// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 2: a self-challenge before an honest one.
contract PreEmptingAChallengeNeverProfitsTest is Courtroom {
    function test_Pre_empting_a_challenge_never_profits() public {
        uint256 taskId = submitted();
        // The owner itself, or an agent of the same organisation, is refused.
        uint256 secondId = newAgent(maker, 0);
        vm.prank(maker);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.RelatedParties.selector, secondId, makerId));
        court.open(1, taskId, secondId, CLAIM);
        attest(makerId, 77);
        attest(watcherId, 77);
        vm.prank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.RelatedParties.selector, watcherId, makerId));
        court.open(1, taskId, watcherId, CLAIM);
        // A friend that nobody knows of brings half of B home; the price and half of B are lost all the same.
        attest(watcherId, 78);
        uint256 together = creditOf(maker) + creditOf(watcher) + balance(pledgeOf(taskId));
        uint256 disputeId = openByWatcher(1, taskId);
        seated(disputeId);
        vote(disputeId, unanimous(disputeId, Court.UPHOLD));
        uint256 staked = stakeAt(makerId);
        settleNow(disputeId);
        uint256 after_ = creditOf(maker) + creditOf(watcher) + stakeAt(makerId) - staked;
        vm.assertEq(after_, together - 60 * CREDITS);
    }
}
