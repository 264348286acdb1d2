// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { BidState, Endings, ITaskMarket, Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract RevealBidTest is Market {
    uint256 internal taskId;
    uint256 internal bidId;

    function setUp() public override {
        super.setUp();
        taskId = create(Mode.SEALED);
        bidId = commitAs(0, taskId, 800 * CREDITS);
    }

    function test_A_reveal_puts_the_bid_on_the_board() public {
        skip(900);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidPlaced(taskId, bidId, agents[0], 800 * CREDITS, 1 hours, keccak256("proposal"), 1e9);
        revealAs(0, bidId, 800 * CREDITS);
        vm.assertEq(market.bidOf(bidId).commitment, 0);
        vm.assertEq(Board.bidIdOf(market.boardOf(taskId)[0]), bidId);
    }

    function test_A_reveal_too_early_or_too_late_is_refused() public {
        uint64 commitEnd = uint64(block.timestamp + 900);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, commitEnd, block.timestamp));
        revealAs(0, bidId, 800 * CREDITS);
        skip(1_500);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, commitEnd + 600, block.timestamp));
        revealAs(0, bidId, 800 * CREDITS);
    }

    function test_A_commitment_of_an_earlier_round_is_refused() public {
        skip(1_500);
        market.reopen(taskId);
        skip(1_800);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.BidOfAnotherRound.selector, bidId, 1, 2));
        revealAs(0, bidId, 800 * CREDITS);
    }

    function test_Another_price_than_committed_is_refused() public {
        skip(900);
        vm.expectPartialRevert(ITaskMarket.WrongReveal.selector);
        revealAs(0, bidId, 799 * CREDITS);
    }

    function test_A_price_above_the_reserve_cannot_be_revealed() public {
        uint256 tooHigh = commitAs(1, taskId, PRICE + 1);
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.PriceAboveReserve.selector, PRICE + 1, PRICE));
        revealAs(1, tooHigh, PRICE + 1);
    }

    function test_A_second_reveal_and_a_stranger_are_refused() public {
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], address(this)));
        market.revealBid(bidId, 800 * CREDITS, 1 hours, keccak256("proposal"), bytes32(uint256(7)));
        revealAs(0, bidId, 800 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongBidState.selector, bidId, BidState.STANDING));
        revealAs(0, bidId, 800 * CREDITS);
    }

    function test_A_reveal_below_a_full_board_counts_and_gets_its_lock_back() public {
        uint256[8] memory bids;
        for (uint256 i; i < 8; ++i) {
            address owner = person(vm.toString(i));
            uint256 agentId = newAgent(owner, BOND);
            bytes32 commitment = market.commitmentOf(taskId, 1, agentId, 100 * CREDITS, 0, 0, 0);
            vm.prank(owner);
            bids[i] = market.commitBid(taskId, agentId, commitment);
        }
        skip(900);
        for (uint256 i; i < 8; ++i) {
            vm.prank(person(vm.toString(i)));
            market.revealBid(bids[i], 100 * CREDITS, 0, 0, 0);
        }
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidLost(taskId, bidId, agents[0], Endings.OUTSCORED);
        revealAs(0, bidId, 800 * CREDITS);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
        vm.assertEq(uint256(market.bidOf(bidId).state), uint256(BidState.OUTSCORED));
    }
}
