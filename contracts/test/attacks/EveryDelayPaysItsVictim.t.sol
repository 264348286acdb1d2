// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 36: serial disputes to hold a payment.
contract EveryDelayPaysItsVictimTest is Courtroom {
    function test_Every_delay_pays_its_victim() public {
        uint256 taskId = submitted();
        uint256 had = creditOf(maker);
        uint8[2] memory kinds = [1, 4];
        uint256[2] memory bonds = [uint256(120), 240];
        for (uint256 i; i < 2; ++i) {
            uint256 disputeId = openByWatcher(kinds[i], taskId);
            seated(disputeId);
            vote(disputeId, unanimous(disputeId, Court.REJECT));
            uint256 before = creditOf(maker);
            settleNow(disputeId);
            vm.assertEq(creditOf(maker), before + bonds[i] * CREDITS / 2);
            // Each kind is ruled once.
            vm.prank(watcher);
            vm.expectRevert();
            court.open(kinds[i], taskId, watcherId, CLAIM);
        }
        vm.warp(market.taskOf(taskId).reviewEnd);
        market.finalize(taskId);
        vm.assertEq(creditOf(maker), had + (60 + 120 + 990) * CREDITS);
    }

    function test_A_withdrawn_challenge_pays_too() public {
        uint256 taskId = submitted();
        uint256 had = creditOf(maker);
        uint256 disputeId = openByWatcher(1, taskId);
        skip(3 hours);
        vm.prank(watcher);
        court.withdraw(disputeId);
        // Waiting for three hours at 20 % a year costs 0.07 credits.
        vm.assertEq(creditOf(maker), had + 15 * CREDITS);
        // The kind is open again, and every further delay costs and pays as much.
        for (uint256 i = 2; i < 5; ++i) {
            uint256 spent = creditOf(watcher);
            disputeId = openByWatcher(1, taskId);
            skip(4 hours);
            vm.prank(watcher);
            court.withdraw(disputeId);
            vm.assertEq(creditOf(maker), had + i * 15 * CREDITS);
            vm.assertEq(creditOf(watcher), spent - 30 * CREDITS);
        }
    }
}
