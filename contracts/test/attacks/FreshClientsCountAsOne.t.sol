// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 46 (finding M-8): 20 free addresses of one wallet bought 202 points for 20.2 credits in 0 seconds.
contract FreshClientsCountAsOneTest is Market {
    uint256 internal constant VALUE = 101 * CREDITS;
    uint256 internal fees;

    function test_Twenty_fresh_addresses_buy_less_than_a_day_has() public {
        int256 last = type(int256).max;
        for (uint256 i; i < 20; ++i) {
            int256 gain = wash(fresh(i), 0);
            vm.assertTrue(gain < last, "every further point is dearer");
            last = gain;
        }
        vm.assertEq(fees, 20.2e18);
        vm.assertTrue(score(0) < 20e6, "17.6 points instead of 202");
        vm.assertTrue(last < 70_000, "the twentieth address buys 0.06 points for its 1.01 credits");
    }

    function test_Other_addresses_on_other_days_are_the_same_subject() public {
        for (uint256 i; i < 20; ++i) {
            wash(fresh(i), 0);
            skip(1 days);
        }
        vm.assertTrue(score(0) < 37e6, "20 days and 20.2 credits buy 36 points");
        vm.assertTrue(wash(fresh(20), 0) < 490_000, "and the next address a twentieth of the first");
    }

    /// @notice A subject of its own costs 10.1 credits of fees and a day before it counts, for each address.
    function test_A_history_costs_more_than_it_buys_at_once() public {
        uint256 bought;
        for (uint256 i; i < 10; ++i) {
            Terms memory t = priced(1_012 * CREDITS);
            trade(fresh(i), 1, t);
        }
        uint256 sunk = fees;
        vm.assertEq(sunk, 101.2e18);
        skip(1 days);
        for (uint256 i; i < 10; ++i) {
            bought += uint256(wash(fresh(i), 0));
        }
        vm.assertLe(bought, 20e6, "a day earns 20 points, whoever pays");
        vm.assertGt(fees / 1e12, 5 * bought, "5 credits a point at least");
    }

    function test_Many_tiny_tasks_are_no_better_than_one() public {
        int256 one = wash(fresh(0), 0);
        for (uint256 i = 1; i <= 50; ++i) {
            trade(fresh(i), 1, priced(2 * CREDITS));
        }
        vm.assertTrue(score(1) < one, "50 tasks of 2 credits");
    }

    function wash(address from, uint256 i) private returns (int256) {
        int256 before = score(i);
        trade(from, i, priced(VALUE));
        return score(i) - before;
    }

    function trade(address from, uint256 i, Terms memory t) private {
        fund(from, t.maxPrice);
        uint256 treasury = balance(Accounts.TREASURY);
        vm.prank(from);
        uint256 taskId = market.createTask(agents[i], t);
        bidAs(i, taskId, t.maxPrice);
        startAs(i, taskId);
        submitAs(i, taskId);
        vm.prank(from);
        market.accept(taskId);
        fees += balance(Accounts.TREASURY) - treasury;
    }

    function priced(uint256 price) private view returns (Terms memory t) {
        t = terms(Mode.DIRECT);
        t.maxPrice = price;
        t.agentBond = price / 4 < 10 * CREDITS ? 10 * CREDITS : price / 4;
    }

    function score(uint256 i) private view returns (int256) {
        return reputation.scoreOf(agents[i], DOMAIN);
    }

    function fresh(uint256 i) private returns (address) {
        return person(string.concat("fresh ", vm.toString(i)));
    }
}
