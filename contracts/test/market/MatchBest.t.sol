// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Breaker } from "../../src/Breaker.sol";
import { ITaskMarket, Mode, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract MatchBestTest is Market {
    function test_Anyone_matches_the_first_row_at_its_own_price() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, 700 * CREDITS);
        uint256 best = bidAs(1, taskId, 600 * CREDITS);
        skip(900);
        vm.prank(person("anyone"));
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).bidId, best);
        vm.assertEq(market.taskOf(taskId).price, 600 * CREDITS);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
    }

    function test_Too_early_without_a_bid_or_twice_is_refused() public {
        uint256 taskId = create(Mode.OPEN);
        uint64 end = uint64(block.timestamp + 900);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, end, block.timestamp));
        market.matchBest(taskId);
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.NoBid.selector, taskId));
        market.matchBest(taskId);
        taskId = create(Mode.OPEN);
        bidAs(0, taskId, 1);
        skip(900);
        market.matchBest(taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.MATCHED));
        market.matchBest(taskId);
    }

    function test_A_match_that_leaves_no_time_is_refused() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, 1);
        uint64 expiresAt = market.taskOf(taskId).expiresAt;
        vm.warp(expiresAt - 900 - 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.NoTimeLeft.selector, taskId, expiresAt, expiresAt + 1));
        market.matchBest(taskId);
        skip(2 days);
        market.cancelExpired(taskId);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
    }

    function test_Level_two_of_the_breaker_holds_timeouts_and_shifts_windows() public {
        uint256 taskId = create(Mode.OPEN);
        vm.prank(guardian);
        Breaker(wiring.breaker).trip("taskMarket", 2, 1 hours, "test");
        uint64 until = uint64(block.timestamp + 1 hours);
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(IBreaker.Tripped.selector, bytes32("taskMarket"), 2, until));
        market.matchBest(taskId);
        skip(1 hours);
        bidAs(0, taskId, 1);
        vm.warp(until + 6 hours);
        market.matchBest(taskId);
    }
}
