// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 7: a task that nobody can do, to collect penalties.
contract NobodyEarnsFromABaitTaskTest is Market {
    function test_Nobody_earns_from_a_bait_task() public {
        uint256 wealth = creditOf(client);
        uint256 taskId = matched(PRICE);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        market.reopen(taskId);
        uint256 bidId = bidAs(1, taskId, PRICE);
        vm.prank(client);
        market.pick(taskId, bidId);
        uint256 leaseId = startAs(1, taskId);
        vm.prank(owners[1]);
        leases.yield(leaseId);
        market.reopen(taskId);
        bidId = bidAs(2, taskId, PRICE);
        vm.prank(client);
        market.pick(taskId, bidId);
        skip(900);
        market.vacate(taskId);
        vm.prank(client);
        market.cancel(taskId);
        vm.assertEq(creditOf(client), wealth);
        vm.assertEq(balance(Accounts.BURN), (12 + 12 + 24) * CREDITS);
    }

    function test_Nor_from_one_that_takes_half_of_the_time_to_find_out() public {
        Terms memory t = terms(Mode.OPEN);
        t.leaseTtl = 3_600;
        t.deliverWindow = 7_200 - 900;
        uint256 wealth = creditOf(client);
        uint256 taskId = matched(t, PRICE);
        uint256 leaseId = startAs(0, taskId);
        skip(3_599);
        vm.prank(owners[0]);
        leases.heartbeat(leaseId, "looking for a way");
        skip(1);
        vm.prank(owners[0]);
        leases.yield(leaseId);
        vm.prank(client);
        market.cancel(taskId);
        vm.assertEq(creditOf(client), wealth);
        vm.assertEq(balance(Accounts.BURN), 54 * CREDITS);
    }
}
