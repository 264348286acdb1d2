// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 39: a friend loses a weak claim to shut out a real one.
contract ALostClaimLeavesOtherKindsOpenTest is Courtroom {
    function test_A_lost_claim_leaves_other_kinds_open() public {
        uint256 taskId = submitted();
        uint256 disputeId = openByWatcher(4, taskId);
        seated(disputeId);
        vote(disputeId, unanimous(disputeId, Court.REJECT));
        settleNow(disputeId);
        // The review is open again, for a whole challenge window.
        vm.assertGe(market.taskOf(taskId).reviewEnd, block.timestamp + 2 hours);
        uint256 had = creditOf(client);
        disputeId = openByClient(1, taskId);
        seated(disputeId);
        vote(disputeId, unanimous(disputeId, Court.UPHOLD));
        settleNow(disputeId);
        vm.assertEq(creditOf(client), had + PRICE + 60 * CREDITS);
    }

    /// @dev The friend would have paid 30 credits, half of them to the cheat, for a price of 1,000.
    function test_A_friend_s_withdrawal_shuts_nobody_out() public {
        uint256 taskId = submitted();
        for (uint8 kind = 1; kind <= 4; kind += 3) {
            uint256 disputeId = openByWatcher(kind, taskId);
            vm.prank(watcher);
            court.withdraw(disputeId);
        }
        vm.assertEq(market.taskOf(taskId).ruledKinds, 0);
        uint256 had = creditOf(client);
        uint256 honest = openByClient(1, taskId);
        seated(honest);
        vote(honest, unanimous(honest, Court.UPHOLD));
        settleNow(honest);
        vm.assertEq(creditOf(client), had + PRICE + 60 * CREDITS);
    }
}
