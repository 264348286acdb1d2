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

    function test_Client_0_and_index_0_count_all() public {
        address second = person("second");
        vm.prank(client);
        reputation.giveFeedback(agents[0], 6, 0, "", "", "", "", 0);
        vm.prank(second);
        reputation.giveFeedback(agents[0], 7, 0, "", "", "", "", 0);
        respond(owners[0]);
        respond(owners[1]);
        vm.startPrank(owners[0]);
        reputation.appendResponse(agents[0], client, 2, "", 0);
        reputation.appendResponse(agents[0], second, 1, "", 0);
        vm.stopPrank();
        address[] memory nobody = new address[](0);
        address[] memory named = new address[](1);
        named[0] = owners[1];
        vm.assertEq(reputation.getResponseCount(agents[0], address(0), 0, nobody), 4);
        vm.assertEq(reputation.getResponseCount(agents[0], client, 0, nobody), 3);
        vm.assertEq(reputation.getResponseCount(agents[0], client, 2, nobody), 1);
        vm.assertEq(reputation.getResponseCount(agents[0], address(0), 0, named), 1);
        vm.assertEq(reputation.getResponseCount(agents[1], address(0), 0, nobody), 0);
    }

    function test_Answers_to_nothing_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IReputation.UnknownFeedback.selector, agents[0], client, 2));
        reputation.appendResponse(agents[0], client, 2, "", 0);
    }
}
