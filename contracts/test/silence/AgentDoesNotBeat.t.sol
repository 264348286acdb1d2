// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: running, the agent's heartbeat.
contract AgentDoesNotBeatTest is Market {
    function test_When_the_agent_does_not_beat_client_and_fire_share_the_lapse() public {
        (uint256 taskId, uint256 leaseId) = running(PRICE);
        skip(150);
        vm.prank(person("anyone"));
        leases.expire(leaseId);
        vm.assertEq(creditOf(client), 9 * PRICE + 30 * CREDITS);
        vm.assertEq(balance(Accounts.BURN), 30 * CREDITS);
        vm.assertEq(stakeOf(0), 940 * CREDITS);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
    }
}
