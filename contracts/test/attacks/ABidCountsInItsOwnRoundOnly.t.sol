// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack M-1: a sealed commitment of an earlier round, kept back until the others' prices are public.
contract ABidCountsInItsOwnRoundOnlyTest is Market {
    uint256 internal taskId;
    uint256 internal old;

    /// @dev Round 1 ends with a commitment that nobody has opened.
    function setUp() public override {
        super.setUp();
        Terms memory t = terms(Mode.SEALED);
        t.minReputation = -1_000e6;
        taskId = create(0, t);
        old = commitAs(0, taskId, 600 * CREDITS);
        skip(1_500);
        market.reopen(taskId);
    }

    function test_A_bid_of_round_1_cannot_undercut_the_prices_of_round_2() public {
        uint256 honest = commitAs(1, taskId, 601 * CREDITS);
        skip(1_800);
        revealAs(1, honest, 601 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.BidOfAnotherRound.selector, old, 1, 2));
        revealAs(0, old, 600 * CREDITS);
        skip(600);
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).bidId, honest);
        // Nothing is left to keep back: the commitment pays its unrevealed share like any other.
        market.forfeitBid(old);
        vm.assertEq(stakeOf(0), 976 * CREDITS);
    }

    function test_A_failed_winner_does_not_return_by_an_old_commitment() public {
        uint256 second = commitAs(0, taskId, 700 * CREDITS);
        skip(1_800);
        revealAs(0, second, 700 * CREDITS);
        skip(600);
        market.matchBest(taskId);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        market.reopen(taskId);
        skip(3_600);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.BidOfAnotherRound.selector, old, 1, 3));
        revealAs(0, old, 600 * CREDITS);
        vm.assertEq(market.boardOf(taskId)[0], 0);
    }

    function test_Nor_by_a_new_one() public {
        uint256 second = commitAs(0, taskId, 700 * CREDITS);
        skip(1_800);
        revealAs(0, second, 700 * CREDITS);
        skip(600);
        market.matchBest(taskId);
        vm.assertEq(Board.bidIdOf(market.boardOf(taskId)[0]), type(uint64).max, "the board is empty");
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        market.reopen(taskId);
        bytes32 commitment = commitmentAs(0, taskId, 1);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.FailedBefore.selector, taskId, agents[0]));
        vm.prank(owners[0]);
        market.commitBid(taskId, agents[0], commitment);
    }
}
