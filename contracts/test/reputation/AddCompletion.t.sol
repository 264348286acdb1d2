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
        emit IReputation.ReputationSet(
            agents[0], DOMAIN, bytes32(uint256(9)), 10_100_000, int256(10_100_000) << 62, Causes.COMPLETED
        );
        complete(100 * CREDITS, client);
        vm.assertEq(reputation.completionsOf(agents[0], client), 1);
    }

    function test_The_same_client_counts_less_every_time() public {
        complete(100 * CREDITS, client);
        complete(100 * CREDITS, client);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 10_100_000 + 5_050_000);
        complete(100 * CREDITS, person("another"));
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 2 * 10_100_000 + 5_050_000);
        vm.assertEq(reputation.completionsOf(agents[0], client), 2);
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
