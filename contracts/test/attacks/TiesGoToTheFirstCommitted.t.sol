// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 13: a late equal bid.
contract TiesGoToTheFirstCommittedTest is Market {
    function test_Ties_go_to_the_first_committed() public {
        uint256 taskId = create(Mode.SEALED);
        uint256 first = commitAs(0, taskId, 700 * CREDITS);
        uint256 second = commitAs(1, taskId, 700 * CREDITS);
        skip(900);
        revealAs(1, second, 700 * CREDITS);
        revealAs(0, first, 700 * CREDITS);
        skip(600);
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).bidId, first);
    }

    function test_Ties_of_open_bids_go_to_the_first_placed() public {
        uint256 taskId = create(Mode.OPEN);
        uint256 first = bidAs(2, taskId, 700 * CREDITS);
        bidAs(0, taskId, 700 * CREDITS);
        skip(900);
        market.matchBest(taskId);
        vm.assertEq(market.taskOf(taskId).bidId, first);
    }
}
