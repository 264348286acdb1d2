// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 8: a flood of bids evicts the honest ones and is then withdrawn.
contract EvictedBiddersMayReturnTest is Market {
    function test_Evicted_bidders_may_return() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, 900 * CREDITS);
        uint256[8] memory flood;
        for (uint256 i; i < 8; ++i) {
            address attacker = person(vm.toString(i));
            uint256 agentId = newAgent(attacker, BOND);
            vm.prank(attacker);
            flood[i] = market.placeBid(taskId, agentId, 100 * CREDITS, 0, 0);
        }
        vm.assertEq(stakeOf(0), 1_000 * CREDITS, "the evicted bidder's lock is back at once");
        skip(449);
        for (uint256 i; i < 8; ++i) {
            vm.prank(person(vm.toString(i)));
            market.withdrawBid(flood[i]);
        }
        skip(1);
        uint256 back = bidAs(0, taskId, 900 * CREDITS);
        skip(450);
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).bidId, back);
    }
}
