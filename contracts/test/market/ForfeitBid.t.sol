// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { BidState, Endings, ITaskMarket, Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract ForfeitBidTest is Market {
    uint256 internal taskId;
    uint256 internal bidId;

    function setUp() public override {
        super.setUp();
        taskId = create(Mode.SEALED);
        bidId = commitAs(0, taskId, 800 * CREDITS);
    }

    function test_An_unrevealed_commitment_loses_its_share_of_b() public {
        skip(1_500);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.bid(taskId, 1, agents[0]), Accounts.BURN, bytes32(taskId), 24 * CREDITS, Reasons.PENALTY_BURN
        );
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidLost(taskId, bidId, agents[0], Endings.UNREVEALED);
        market.forfeitBid(bidId);
        vm.assertEq(stakeOf(0), 976 * CREDITS);
        vm.assertEq(uint256(market.bidOf(bidId).state), uint256(BidState.FORFEITED));
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongBidState.selector, bidId, BidState.FORFEITED));
        market.forfeitBid(bidId);
    }

    function test_While_revealing_is_possible_nothing_is_forfeited() public {
        uint64 revealEnd = uint64(block.timestamp + 1_500);
        skip(1_499);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, revealEnd, block.timestamp));
        market.forfeitBid(bidId);
    }

    function test_A_commitment_of_an_earlier_round_is_forfeited_in_a_later_one() public {
        skip(1_500);
        market.reopen(taskId);
        market.forfeitBid(bidId);
        vm.assertEq(stakeOf(0), 976 * CREDITS);
    }

    function test_When_the_client_cancels_commitments_go_back_whole() public {
        vm.prank(client);
        market.cancel(taskId);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidLost(taskId, bidId, agents[0], Endings.TASK_CANCELLED);
        market.forfeitBid(bidId);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
        vm.assertEq(uint256(market.bidOf(bidId).state), uint256(BidState.RETURNED));
    }

    function test_An_expired_task_does_not_excuse() public {
        skip(10 days);
        market.cancelExpired(taskId);
        market.forfeitBid(bidId);
        vm.assertEq(stakeOf(0), 976 * CREDITS);
    }
}
