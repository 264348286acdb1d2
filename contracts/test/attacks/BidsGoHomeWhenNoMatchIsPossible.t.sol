// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Breaker } from "../../src/Breaker.sol";
import { BidState, ITaskMarket, Mode, TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack M-3: a task whose match fits into one second, so that its bidders' locks stay until it expires.
contract BidsGoHomeWhenNoMatchIsPossibleTest is Market {
    /// @dev As told: three bonds of 1,000 credits, and the longest delivery that there is.
    function trap() internal view returns (Terms memory t) {
        t = terms(Mode.OPEN);
        t.agentBond = PRICE;
        t.startWindow = 1 days;
        t.deliverWindow = 90 days;
    }

    function test_An_auction_that_could_be_matched_in_one_second_only_is_refused() public {
        Terms memory t = trap();
        uint256 earliest = block.timestamp + 900 + 1 days + 1 days + 90 days;
        t.expiresAt = uint64(earliest - 1 days);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.ExpiresTooSoon.selector, t.expiresAt, earliest));
        create(0, t);
    }

    function test_Bids_go_home_when_no_match_is_possible() public {
        Terms memory t = trap();
        t.expiresAt = uint64(block.timestamp + 900 + 1 days + 1 days + 90 days);
        uint256 taskId = create(0, t);
        for (uint256 i; i < 3; ++i) {
            bidAs(i, taskId, PRICE);
            vm.assertEq(stakeOf(i), 0);
        }
        // Nobody matched in the day that there was for it; 91 days remain until the expiry.
        skip(900 + 1 days + 1);
        vm.expectPartialRevert(ITaskMarket.NoTimeLeft.selector);
        market.matchBest(taskId);
        vm.prank(person("anyone"));
        market.cancelExpired(taskId);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(stakeOf(i), 1_000 * CREDITS);
            vm.assertEq(uint256(market.bidOf(i + 1).state), uint256(BidState.LOST));
        }
        vm.assertEq(creditOf(client), 10 * PRICE);
        assertState(taskId, TaskState.CANCELLED);
    }

    function test_Every_commitment_has_its_time_to_be_revealed_first() public {
        Terms memory t = terms(Mode.SEALED);
        t.expiresAt = uint64(block.timestamp + 900 + 600 + 900 + 900 + 1 days);
        uint256 taskId = create(0, t);
        uint256 bidId = commitAs(0, taskId, PRICE);
        vm.prank(guardian);
        Breaker(wiring.breaker).trip("taskMarket", 2, 1 hours, "test");
        // The trip has moved both windows beyond the last match: revealing keeps its 10 minutes after the grace.
        skip(7 hours);
        uint64 revealEnd = uint64(block.timestamp + 600);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, revealEnd, block.timestamp));
        market.cancelExpired(taskId);
        revealAs(0, bidId, PRICE);
        skip(600);
        vm.expectPartialRevert(ITaskMarket.NoTimeLeft.selector);
        market.matchBest(taskId);
        market.cancelExpired(taskId);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
    }
}
