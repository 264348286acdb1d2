// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../../src/interfaces/IReputation.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract AppendResponseTest is Market {
    function setUp() public override {
        super.setUp();
        vm.prank(client);
        reputation.giveFeedback(agents[0], 5, 0, "", "", "", "", 0);
    }

    function respond(address responder) internal {
        vm.prank(responder);
        reputation.appendResponse(agents[0], client, 1, "ipfs://answer", keccak256("a"));
    }

    function test_Every_answer_is_kept() public {
        vm.expectEmit(wiring.reputation);
        emit IReputation.ResponseAppended(agents[0], client, 1, owners[0], "ipfs://answer", keccak256("a"));
        respond(owners[0]);
        respond(owners[0]);
        respond(owners[1]);
        address[] memory named = new address[](1);
        named[0] = owners[0];
        vm.assertEq(reputation.getResponseCount(agents[0], client, 1, named), 2);
        vm.assertEq(reputation.getResponseCount(agents[0], client, 1, new address[](0)), 3);
    }

    function test_Answers_to_nothing_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IReputation.UnknownFeedback.selector, agents[0], client, 2));
        reputation.appendResponse(agents[0], client, 2, "", 0);
    }
}
