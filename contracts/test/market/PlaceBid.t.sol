// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Bid, BidState, Endings, ITaskMarket, Mode, TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Causes, Domains } from "../../src/libraries/Domains.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract PlaceBidTest is Market {
    function refuse(uint256 i, uint256 taskId, uint256 price, bytes memory error) internal {
        vm.expectRevert(error);
        vm.prank(owners[i]);
        market.placeBid(taskId, agents[i], price, 0, 0);
    }

    function test_A_bid_locks_the_bond_and_stands_on_the_board() public {
        uint256 taskId = create(Mode.OPEN);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.stake(agents[0]), Accounts.bid(taskId, 1, agents[0]), bytes32(taskId), BOND, Reasons.BID_LOCK
        );
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidPlaced(taskId, 1, agents[0], 800 * CREDITS, 1 hours, keccak256("proposal"), 1e9);
        vm.assertEq(bidAs(0, taskId, 800 * CREDITS), 1);
        Bid memory bid = market.bidOf(1);
        vm.assertEq(bid.taskId, taskId);
        vm.assertEq(bid.agentId, agents[0]);
        vm.assertEq(bid.round, 1);
        vm.assertEq(bid.price, 800 * CREDITS);
        vm.assertEq(bid.score, 1e9);
        vm.assertEq(uint256(bid.state), uint256(BidState.STANDING));
        vm.assertEq(market.boardOf(taskId)[0], Board.encode(1e9, uint128(800 * CREDITS), 1));
        vm.assertEq(market.bidCount(), 1);
    }

    function test_A_direct_bid_is_the_match() public {
        uint256 taskId = create(Mode.DIRECT);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskMatched(
            taskId, 1, agents[0], 1, uint64(block.timestamp + 900), uint64(block.timestamp + 900 + 1 days)
        );
        bidAs(0, taskId, 600 * CREDITS);
        vm.assertEq(market.taskOf(taskId).price, 600 * CREDITS);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
    }

    function test_Only_the_named_agent_takes_a_direct_task() public {
        uint256 taskId = create(Mode.DIRECT);
        refuse(1, taskId, 1, abi.encodeWithSelector(ITaskMarket.OnlyNamedAgent.selector, taskId, agents[0], agents[1]));
    }

    function test_Strikes_double_the_bond_at_most_twice() public {
        uint256[4] memory expected = [BOND, 2 * BOND, 4 * BOND, 4 * BOND];
        for (uint256 i; i < 4; ++i) {
            uint256 taskId = create(Mode.OPEN);
            bidAs(0, taskId, PRICE);
            vm.assertEq(lockOf(0, taskId, 1), expected[i]);
            vm.prank(client);
            market.cancel(taskId);
            vm.prank(wiring.disputes);
            reputation.add(agents[0], Domains.STRIKE, 0, Causes.STRIKE, Causes.STRUCK);
        }
    }

    function test_The_reserve_price_holds() public {
        uint256 taskId = create(Mode.OPEN);
        refuse(0, taskId, PRICE + 1, abi.encodeWithSelector(ITaskMarket.PriceAboveReserve.selector, PRICE + 1, PRICE));
    }

    function test_A_low_reputation_is_refused() public {
        Terms memory t = terms(Mode.OPEN);
        t.minReputation = 1;
        uint256 taskId = create(0, t);
        refuse(0, taskId, 1, abi.encodeWithSelector(ITaskMarket.ReputationTooLow.selector, agents[0], 0, 1));
        vm.prank(wiring.disputes);
        reputation.add(agents[0], DOMAIN, 0, 1, 1);
        bidAs(0, taskId, 1);
    }

    function test_Nobody_bids_on_its_own_task() public {
        uint256 own = newAgent(client, 500 * CREDITS);
        uint256 taskId = create(Mode.OPEN);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.OwnTask.selector, taskId, client));
        vm.prank(client);
        market.placeBid(taskId, own, 1, 0, 0);
    }

    function test_A_second_bid_in_a_round_is_refused() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, PRICE);
        refuse(0, taskId, 1, abi.encodeWithSelector(ITaskMarket.AlreadyBid.selector, taskId, agents[0]));
    }

    function test_A_late_bid_is_refused() public {
        uint256 taskId = create(Mode.OPEN);
        uint64 end = uint64(block.timestamp + 900);
        skip(900);
        refuse(0, taskId, 1, abi.encodeWithSelector(Module.TooLate.selector, end, block.timestamp));
    }

    function test_A_sealed_auction_takes_no_open_bid() public {
        uint256 taskId = create(Mode.SEALED);
        refuse(0, taskId, 1, abi.encodeWithSelector(ITaskMarket.WrongMode.selector, taskId, Mode.SEALED));
    }

    function test_Strangers_and_paused_agents_are_refused() public {
        uint256 taskId = create(Mode.OPEN);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        vm.prank(owners[1]);
        market.placeBid(taskId, agents[0], 1, 0, 0);
        vm.prank(owners[0]);
        registry.setStatus(agents[0], 2, "");
        refuse(0, taskId, 1, abi.encodeWithSelector(IAgentRegistry.NotActive.selector, agents[0], 2));
    }

    function test_An_agent_without_stake_is_refused() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 poor = newAgent(owners[0], BOND - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IVault.InsufficientBalance.selector, Accounts.stake(poor), BOND, BOND - 1)
        );
        vm.prank(owners[0]);
        market.placeBid(taskId, poor, 1, 0, 0);
    }

    function test_Unknown_and_matched_tasks_take_no_bids() public {
        refuse(0, 9, 1, abi.encodeWithSelector(ITaskMarket.UnknownTask.selector, 9));
        uint256 taskId = matched(PRICE);
        refuse(1, taskId, 1, abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.MATCHED));
    }

    function test_A_full_board_evicts_the_worst_or_refuses() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 first;
        for (uint256 i; i < 8; ++i) {
            address owner = person(vm.toString(i));
            uint256 agentId = newAgent(owner, BOND);
            vm.prank(owner);
            uint256 bidId = market.placeBid(taskId, agentId, (900 - i) * CREDITS, 0, 0);
            if (i == 0) first = bidId;
        }
        refuse(0, taskId, 901 * CREDITS, abi.encodeWithSelector(ITaskMarket.BidTooLow.selector, taskId, 495e6));
        vm.assertEq(lockOf(0, taskId, 1), 0);
        uint256 loser = market.bidOf(first).agentId;
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BidLost(taskId, first, loser, Endings.OUTSCORED);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.bid(taskId, 1, loser), Accounts.stake(loser), bytes32(taskId), BOND, Reasons.BID_RELEASE
        );
        bidAs(0, taskId, 500 * CREDITS);
        vm.assertEq(uint256(market.bidOf(first).state), uint256(BidState.OUTSCORED));
        vm.assertEq(Board.bidIdOf(market.boardOf(taskId)[0]), market.bidCount());
    }
}
