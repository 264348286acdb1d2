// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../../src/interfaces/IReputation.sol";
import { Causes } from "../../src/libraries/Domains.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract AddCompletionTest is Market {
    function complete(uint256 netPrice, address payer) internal {
        vm.prank(wiring.taskMarket);
        reputation.addCompletion(agents[0], DOMAIN, 9, netPrice, payer);
    }

    function test_A_completion_is_counted_and_scored() public {
        vm.expectEmit(wiring.reputation);
        emit IReputation.CompletionCounted(agents[0], client, 9, 1);
        vm.expectEmit(wiring.reputation);
        emit IReputation.CompletionWeighed(agents[0], DOMAIN, client, 9, 0, 1_000_000, 10_100_000, 100 * CREDITS);
        vm.expectEmit(wiring.reputation);
        emit IReputation.ReputationSet(
            agents[0], DOMAIN, bytes32(uint256(9)), 10_100_000, int256(10_100_000) << 62, Causes.COMPLETED
        );
        complete(100 * CREDITS, client);
        vm.assertEq(reputation.completionsOf(agents[0], client), 1);
        vm.assertEq(reputation.crowdOf(agents[0], DOMAIN), 1_000_000);
        vm.assertEq(reputation.earnedToday(agents[0], DOMAIN), 10_100_000);
        (uint256 settled, uint256 weight) = reputation.settledBy(client);
        vm.assertEq(settled, 100 * CREDITS);
        vm.assertEq(weight, 0);
    }

    /// @dev 10.1 points, then half of them on a day with 9.9 of 20 points left, then a third with 7.4 left.
    function test_Clients_without_a_history_count_as_one() public {
        complete(100 * CREDITS, client);
        complete(100 * CREDITS, client);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 10_100_000 + 2_499_750);
        complete(100 * CREDITS, person("another"));
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 10_100_000 + 2_499_750 + 1_245_708);
        vm.assertEq(reputation.completionsOf(agents[0], client), 2);
        vm.assertEq(reputation.crowdOf(agents[0], DOMAIN), 3_000_000);
    }

    function test_A_client_with_a_history_counts_for_itself() public {
        settleElsewhere(client, 1_000 * CREDITS);
        complete(100 * CREDITS, person("stranger"));
        skip(1 days);
        int256 before = reputation.scoreOf(agents[0], DOMAIN);
        vm.expectEmit(wiring.reputation);
        emit IReputation.CompletionWeighed(
            agents[0], DOMAIN, client, 9, 1_000_000, 1_000_000, 10_100_000, 1_100 * CREDITS
        );
        complete(100 * CREDITS, client);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), before + 10_100_000);
        vm.assertEq(reputation.crowdOf(agents[0], DOMAIN), 1_000_000, "it is no part of the crowd");
        skip(1 days);
        before = reputation.scoreOf(agents[0], DOMAIN);
        complete(100 * CREDITS, client);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), before + 5_050_000, "and is damped by its own tasks");
    }

    function test_Half_a_history_is_half_a_subject() public {
        settleElsewhere(client, 500 * CREDITS);
        complete(100 * CREDITS, person("stranger"));
        skip(1 days);
        (, uint256 weight) = reputation.settledBy(client);
        vm.assertEq(weight, 500_000);
        complete(100 * CREDITS, client);
        vm.assertEq(reputation.earnedToday(agents[0], DOMAIN), 5_050_000 + 2_525_000);
        vm.assertEq(reputation.crowdOf(agents[0], DOMAIN), 1_500_000);
    }

    function test_What_is_settled_today_counts_from_tomorrow() public {
        settleElsewhere(client, 1_000 * CREDITS);
        (uint256 settled, uint256 weight) = reputation.settledBy(client);
        vm.assertEq(settled, 1_000 * CREDITS);
        vm.assertEq(weight, 0);
        settleElsewhere(client, 1);
        (, weight) = reputation.settledBy(client);
        vm.assertEq(weight, 0);
        skip(1 days);
        (, weight) = reputation.settledBy(client);
        vm.assertEq(weight, 1_000_000);
    }

    function test_A_day_in_a_domain_has_its_own_count() public {
        complete(20_000 * CREDITS, client);
        vm.assertEq(reputation.earnedToday(agents[0], DOMAIN), 20_000_000);
        complete(20_000 * CREDITS, person("late"));
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 20_000_000, "nothing is left of the day");
        vm.prank(wiring.taskMarket);
        reputation.addCompletion(agents[0], "painting", 9, 100 * CREDITS, person("late"));
        vm.assertEq(reputation.scoreOf(agents[0], "painting"), 10_100_000);
        skip(1 days);
        vm.assertEq(reputation.earnedToday(agents[0], DOMAIN), 0);
    }

    function settleElsewhere(address payer, uint256 amount) private {
        vm.prank(wiring.taskMarket);
        reputation.addCompletion(agents[2], "elsewhere", 9, amount, payer);
    }

    function test_Work_for_nothing_earns_nothing() public {
        complete(0, client);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 0);
        vm.assertEq(reputation.lastActiveOf(agents[0], DOMAIN), 0);
    }

    function test_Only_the_market_completes() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, wiring.disputes));
        vm.prank(wiring.disputes);
        reputation.addCompletion(agents[0], DOMAIN, 9, 1, client);
    }

    function test_Fuzz_a_higher_value_never_earns_less(uint256 low, uint256 more) public {
        low = bound(low, 0, 50_000 * CREDITS);
        more = bound(more, 0, 50_000 * CREDITS);
        complete(low, client);
        int256 first = reputation.scoreOf(agents[0], DOMAIN);
        vm.prank(wiring.taskMarket);
        reputation.addCompletion(agents[1], DOMAIN, 9, low + more, client);
        vm.assertTrue(reputation.scoreOf(agents[1], DOMAIN) >= first);
        vm.assertTrue(reputation.scoreOf(agents[1], DOMAIN) <= 20e6);
    }
}
