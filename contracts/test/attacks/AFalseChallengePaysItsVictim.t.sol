// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 1: a false challenge to extort or delay.
contract AFalseChallengePaysItsVictimTest is Courtroom {
    function test_A_false_challenge_pays_its_victim() public {
        uint256 taskId = submitted();
        uint256 victim = creditOf(maker);
        uint256 attacker = creditOf(watcher);
        uint256 disputeId = openByWatcher(1, taskId);
        seated(disputeId);
        vote(disputeId, unanimous(disputeId, Court.REJECT));
        // The attacker doubles twice, and loses all of it.
        for (uint256 i; i < 2; ++i) {
            appealBy(disputeId, Court.CHALLENGER);
            drawNow(disputeId);
            vote(disputeId, unanimous(disputeId, Court.REJECT));
        }
        settleNow(disputeId);
        vm.assertEq(creditOf(watcher), attacker - (120 + 240 + 480) * CREDITS);
        vm.assertEq(creditOf(maker), victim + 420 * CREDITS);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
        vm.warp(market.taskOf(taskId).reviewEnd);
        market.finalize(taskId);
        vm.assertEq(creditOf(maker), victim + (420 + 990) * CREDITS);
    }
}
