// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: matched, the agent.
contract AgentDoesNotStartTest is Market {
    function test_When_the_agent_does_not_start_a_share_burns_and_the_rest_comes_back() public {
        uint256 taskId = matched(PRICE);
        skip(900);
        vm.prank(person("anyone"));
        market.reopen(taskId);
        vm.assertEq(balance(Accounts.BURN), 24 * CREDITS);
        vm.assertEq(stakeOf(0), 976 * CREDITS);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
    }
}
