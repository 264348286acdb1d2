// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: bidding, the client.
contract ClientDoesNotDecideTest is Market {
    function test_When_the_client_does_not_decide_anyone_does() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, PRICE);
        bidAs(1, taskId, PRICE / 2);
        skip(900);
        vm.prank(person("anyone"));
        market.matchBest(taskId);
        assertState(taskId, TaskState.MATCHED);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
        vm.assertEq(balance(Accounts.task(taskId)), PRICE);
    }
}
