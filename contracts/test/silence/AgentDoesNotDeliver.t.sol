// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: running, the agent's result.
contract AgentDoesNotDeliverTest is Market {
    function deliverNothing() internal returns (uint256 taskId) {
        (taskId,) = running(PRICE);
        vm.warp(market.taskOf(taskId).deliverBy);
    }

    function assertMissed(uint256 taskId, uint256 escrow) internal view {
        vm.assertEq(creditOf(client), 9 * PRICE + 48 * CREDITS + (PRICE - escrow));
        vm.assertEq(balance(Accounts.BURN), 48 * CREDITS);
        vm.assertEq(stakeOf(0), 904 * CREDITS);
        vm.assertEq(balance(Accounts.task(taskId)), escrow);
    }

    function test_When_nothing_is_delivered_anyone_reopens() public {
        uint256 taskId = deliverNothing();
        vm.prank(person("anyone"));
        market.reopen(taskId);
        assertMissed(taskId, PRICE);
    }

    function test_When_nothing_is_delivered_until_the_expiry_the_escrow_comes_back() public {
        uint256 taskId = deliverNothing();
        vm.warp(market.taskOf(taskId).expiresAt);
        vm.prank(person("anyone"));
        market.cancelExpired(taskId);
        assertMissed(taskId, 0);
    }
}
