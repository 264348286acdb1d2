// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { ITaskMarket, Mode, TaskState, Terms, Vacancy } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract YieldMatchTest is Market {
    function test_Giving_back_before_the_start_burns_a_tenth_of_b() public {
        uint256 taskId = matched(PRICE);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, Vacancy.YIELDED);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        vm.assertEq(balance(Accounts.BURN), 12 * CREDITS);
        vm.assertEq(stakeOf(0), 988 * CREDITS);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 0);
    }

    function test_The_whole_start_window_never_costs_more_than_not_starting() public {
        Terms memory t = terms(Mode.OPEN);
        t.startWindow = 1 days;
        t.deliverWindow = 60;
        uint256 taskId = matched(t, PRICE);
        uint256 had = creditOf(client);
        skip(1 days - 1);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        vm.assertEq(balance(Accounts.BURN), 24 * CREDITS);
        // Before the start no work was lost that the client could be paid for.
        vm.assertEq(creditOf(client), had);
    }

    function test_A_tenth_of_the_time_costs_seven_hundredths_more() public {
        Terms memory t = terms(Mode.OPEN);
        t.deliverWindow = 8_100;
        uint256 taskId = matched(t, PRICE);
        skip(899);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        // 10 % + 70 % * 899 / 9,000, rounded down to basis points, of b = 120.
        vm.assertEq(balance(Accounts.BURN), 120 * CREDITS * 1_699 / 10_000);
    }

    function test_Late_strange_or_unmatched_is_refused() public {
        uint256 taskId = matched(PRICE);
        uint64 startBy = market.taskOf(taskId).startBy;
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        vm.prank(owners[1]);
        market.yieldMatch(taskId);
        skip(900);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, startBy, block.timestamp));
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        uint256 open = create(Mode.OPEN);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, open, TaskState.BIDDING));
        vm.prank(owners[0]);
        market.yieldMatch(open);
    }
}
