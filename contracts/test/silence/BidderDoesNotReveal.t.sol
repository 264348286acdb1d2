// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: bid committed, the bidder.
contract BidderDoesNotRevealTest is Market {
    function test_When_a_bidder_does_not_reveal_its_share_burns_and_the_rest_comes_back() public {
        uint256 taskId = create(Mode.SEALED);
        uint256 bidId = commitAs(0, taskId, PRICE);
        skip(1_500);
        vm.prank(person("anyone"));
        market.forfeitBid(bidId);
        vm.assertEq(balance(Accounts.BURN), 24 * CREDITS);
        vm.assertEq(stakeOf(0), 976 * CREDITS);
        vm.assertEq(lockOf(0, taskId, 1), 0);
    }
}
