// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC721Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { IReputation } from "../../src/interfaces/IReputation.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract GiveFeedbackTest is Market {
    function test_A_rating_is_recorded_word_by_word() public {
        vm.expectEmit(wiring.reputation);
        emit IReputation.NewFeedback(
            agents[0], client, 1, 875, 1, "speed", "speed", "eu", "https://agent", "ipfs://f", keccak256("f")
        );
        vm.prank(client);
        reputation.giveFeedback(agents[0], 875, 1, "speed", "eu", "https://agent", "ipfs://f", keccak256("f"));
        vm.assertEq(reputation.getLastIndex(agents[0], client), 1);
        vm.assertEq(reputation.getClients(agents[0]).length, 1);
        vm.assertEq(reputation.getClients(agents[0])[0], client);
        (int128 value, uint8 decimals, string memory tag1, string memory tag2, bool revoked) =
            reputation.readFeedback(agents[0], client, 1);
        vm.assertEq(value, int256(875));
        vm.assertEq(decimals, 1);
        vm.assertEq(tag1, "speed");
        vm.assertEq(tag2, "eu");
        vm.assertFalse(revoked);
        vm.assertEq(reputation.getIdentityRegistry(), wiring.agentRegistry);
    }

    function test_A_rating_never_enters_a_score() public {
        vm.prank(client);
        reputation.giveFeedback(agents[0], 100, 0, "translation", "", "", "", 0);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 0);
    }

    function test_Owner_operator_and_wallet_cannot_rate() public {
        vm.prank(owners[0]);
        registry.setApprovalForAll(address(0x0B), true);
        address[2] memory own = [owners[0], address(0x0B)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IReputation.SelfFeedback.selector, agents[0], own[i]));
            vm.prank(own[i]);
            reputation.giveFeedback(agents[0], 1, 0, "", "", "", "", 0);
        }
    }

    function test_Unknown_agents_and_odd_values_are_refused() public {
        vm.startPrank(client);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 99));
        reputation.giveFeedback(99, 1, 0, "", "", "", "", 0);
        vm.expectRevert(abi.encodeWithSelector(IReputation.TooManyDecimals.selector, 19, 18));
        reputation.giveFeedback(agents[0], 1, 19, "", "", "", "", 0);
        vm.expectRevert(abi.encodeWithSelector(IReputation.ValueTooLarge.selector, int128(1e38 + 1), int128(1e38)));
        reputation.giveFeedback(agents[0], 1e38 + 1, 0, "", "", "", "", 0);
    }
}
