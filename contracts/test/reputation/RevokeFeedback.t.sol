// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../../src/interfaces/IReputation.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract RevokeFeedbackTest is Market {
    function setUp() public override {
        super.setUp();
        vm.prank(client);
        reputation.giveFeedback(agents[0], 5, 0, "", "", "", "", 0);
    }

    function test_A_client_takes_its_rating_back() public {
        vm.expectEmit(wiring.reputation);
        emit IReputation.FeedbackRevoked(agents[0], client, 1);
        vm.prank(client);
        reputation.revokeFeedback(agents[0], 1);
        (,,,, bool revoked) = reputation.readFeedback(agents[0], client, 1);
        vm.assertTrue(revoked);
    }

    function test_Twice_is_refused() public {
        vm.startPrank(client);
        reputation.revokeFeedback(agents[0], 1);
        vm.expectRevert(abi.encodeWithSelector(IReputation.AlreadyRevoked.selector, agents[0], client, 1));
        reputation.revokeFeedback(agents[0], 1);
    }

    function test_Unknown_ratings_are_refused() public {
        vm.startPrank(client);
        vm.expectRevert(abi.encodeWithSelector(IReputation.UnknownFeedback.selector, agents[0], client, 2));
        reputation.revokeFeedback(agents[0], 2);
        vm.expectRevert(abi.encodeWithSelector(IReputation.UnknownFeedback.selector, agents[0], client, 0));
        reputation.revokeFeedback(agents[0], 0);
    }
}
