// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { BidState, ITaskMarket, Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract WithdrawBidTest is Market {
    function test_A_bid_is_taken_back_in_the_first_half() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 a = bidAs(0, taskId, 700 * CREDITS);
        uint256 b = bidAs(1, taskId, 800 * CREDITS);
        skip(449);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidWithdrawn(taskId, a);
        vm.prank(owners[0]);
        market.withdrawBid(a);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
        vm.assertEq(uint256(market.bidOf(a).state), uint256(BidState.WITHDRAWN));
        vm.assertEq(Board.bidIdOf(market.boardOf(taskId)[0]), b);
        vm.assertEq(market.boardOf(taskId)[1], 0);
        bidAs(0, taskId, 900 * CREDITS);
    }

    function test_The_second_half_binds() public {
        uint256 taskId = create(Mode.OPEN);
        uint64 half = uint64(block.timestamp + 450);
        uint256 bidId = bidAs(0, taskId, PRICE);
        skip(450);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, half, block.timestamp));
        vm.prank(owners[0]);
        market.withdrawBid(bidId);
    }

    function test_Strangers_sealed_and_finished_bids_are_refused() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 bidId = bidAs(0, taskId, PRICE);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        vm.prank(owners[1]);
        market.withdrawBid(bidId);
        vm.prank(owners[0]);
        market.withdrawBid(bidId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongBidState.selector, bidId, BidState.WITHDRAWN));
        vm.prank(owners[0]);
        market.withdrawBid(bidId);
        uint256 sealedTask = create(Mode.SEALED);
        uint256 sealedBid = commitAs(0, sealedTask, PRICE);
        skip(900);
        revealAs(0, sealedBid, PRICE);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongMode.selector, sealedTask, Mode.SEALED));
        vm.prank(owners[0]);
        market.withdrawBid(sealedBid);
    }
}
