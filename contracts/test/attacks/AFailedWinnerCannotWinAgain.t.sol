// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 9: bid low, win, vanish, again and again.
contract AFailedWinnerCannotWinAgainTest is Market {
    function test_A_failed_winner_cannot_win_again() public {
        Terms memory t = terms(Mode.OPEN);
        t.minReputation = -1_000e6;
        uint256 taskId = matched(t, 1);
        skip(900);
        market.reopen(taskId);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.FailedBefore.selector, taskId, agents[0]));
        bidAs(0, taskId, 1);
        uint256 bidId = bidAs(1, taskId, PRICE);
        skip(1_800);
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).bidId, bidId);
    }
}
