// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 11: a sealed bid as an option.
contract AnUnrevealedBidForfeitsTest is Market {
    function test_An_unrevealed_bid_forfeits() public {
        uint256 taskId = create(Mode.SEALED);
        uint256 bidId = commitAs(0, taskId, 700 * CREDITS);
        uint256 rival = commitAs(1, taskId, 800 * CREDITS);
        skip(900);
        revealAs(1, rival, 800 * CREDITS);
        skip(600);
        market.matchBest(taskId);
        vm.prank(person("anyone"));
        market.forfeitBid(bidId);
        vm.assertEq(stakeOf(0), 976 * CREDITS);
        vm.assertEq(balance(Accounts.BURN), 24 * CREDITS);
    }
}
