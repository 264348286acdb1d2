// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../../src/interfaces/IReputation.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract GetSummaryTest is Market {
    address[] internal clients;

    function setUp() public override {
        super.setUp();
        clients.push(client);
        clients.push(person("second"));
        give(client, 90, 0, "quality", "a");
        give(client, 855, 1, "quality", "b");
        give(clients[1], 10, 0, "speed", "a");
        give(clients[1], -20, 0, "quality", "a");
        vm.prank(clients[1]);
        reputation.revokeFeedback(agents[0], 2);
    }

    function give(address from, int128 value, uint8 decimals, string memory tag1, string memory tag2) internal {
        vm.prank(from);
        reputation.giveFeedback(agents[0], value, decimals, tag1, tag2, "", "", 0);
    }

    function test_The_average_has_the_decimals_that_most_ratings_have() public {
        (uint64 count, int128 value, uint8 decimals) = reputation.getSummary(agents[0], clients, "", "");
        vm.assertEq(count, 3);
        vm.assertEq(value, int256(61), "90, 85.5 and 10: two of three have none");
        vm.assertEq(decimals, 0);
        give(client, 855, 1, "quality", "b");
        (count, value, decimals) = reputation.getSummary(agents[0], clients, "", "");
        vm.assertEq(value, int256(67), "of two as frequent, the fewer");
        vm.assertEq(decimals, 0);
        give(client, 855, 1, "quality", "b");
        (count, value, decimals) = reputation.getSummary(agents[0], clients, "", "");
        vm.assertEq(count, 5);
        vm.assertEq(value, int256(713), "356.5 / 5");
        vm.assertEq(decimals, 1);
    }

    function test_Tags_select() public view {
        (uint64 count, int128 value, uint8 decimals) = reputation.getSummary(agents[0], clients, "quality", "a");
        vm.assertEq(count, 1);
        vm.assertEq(value, int256(90));
        vm.assertEq(decimals, 0);
        (count, value, decimals) = reputation.getSummary(agents[0], clients, "unknown", "");
        vm.assertEq(count, 0);
    }

    function test_Without_clients_there_is_no_summary() public {
        vm.expectRevert(IReputation.NoClientsNamed.selector);
        reputation.getSummary(agents[0], new address[](0), "", "");
    }

    function test_A_summary_that_would_not_fit_has_fewer_decimals() public {
        give(client, 1e38, 0, "big", "");
        give(client, 1, 18, "big", "");
        give(clients[1], 1, 18, "big", "");
        (uint64 count, int128 value, uint8 decimals) = reputation.getSummary(agents[0], clients, "big", "");
        vm.assertEq(count, 3);
        vm.assertEq(value, int256(33333333333333333333333333333333333333));
        vm.assertEq(decimals, 0);
        give(clients[1], -1e38, 0, "big", "");
        give(clients[1], -7, 18, "big", "");
        (count, value, decimals) = reputation.getSummary(agents[0], clients, "big", "");
        vm.assertEq(value, int256(-1));
        vm.assertEq(decimals, 18);
    }

    function test_Fuzz_a_summary_never_fails_for_what_others_wrote(uint256 seed) public {
        for (uint256 i; i < 6; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            int256 value = int256(bound(word, 0, 2e38)) - 1e38;
            give(clients[i % 2], int128(value), uint8((word >> 200) % 19), "any", "");
        }
        (uint64 count,, uint8 decimals) = reputation.getSummary(agents[0], clients, "any", "");
        vm.assertEq(count, 6);
        vm.assertLe(decimals, 18);
    }

    function test_All_ratings_are_read_with_and_without_the_revoked() public view {
        (
            address[] memory from,
            uint64[] memory indexes,
            int128[] memory values,
            uint8[] memory decimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revoked
        ) = reputation.readAllFeedback(agents[0], new address[](0), "", "", true);
        vm.assertEq(from.length, 4);
        vm.assertEq(from[3], clients[1]);
        vm.assertEq(indexes[3], 2);
        vm.assertEq(values[3], int256(-20));
        vm.assertEq(decimals[1], 1);
        vm.assertEq(tag1s[2], "speed");
        vm.assertEq(tag2s[1], "b");
        vm.assertTrue(revoked[3]);
        (from,,,,,,) = reputation.readAllFeedback(agents[0], clients, "quality", "", false);
        vm.assertEq(from.length, 2);
    }
}
