// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Mode, TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack M-2: holding a task for 90 days and giving it back in the last second, for the price of giving it back
///         at once.
contract YieldingLateCostsWhatMissingCostsTest is Market {
    uint256 internal constant WHOLE = 900 + 90 days;

    uint256 internal taskId;
    uint256 internal leaseId;
    uint256 internal began;

    function setUp() public override {
        super.setUp();
        Terms memory t = terms(Mode.OPEN);
        t.deliverWindow = 90 days;
        t.leaseTtl = 3_600;
        t.expiresAt = uint64(block.timestamp + 100 days);
        taskId = matched(t, PRICE);
        began = block.timestamp;
        leaseId = startAs(0, taskId);
    }

    /// @dev The agent beats until it has held the task for `held` seconds, and gives it back.
    function yieldAfter(uint256 held) internal {
        while (block.timestamp + 3_599 < began + held) {
            skip(3_599);
            vm.prank(owners[0]);
            leases.heartbeat(leaseId, "busy");
        }
        vm.warp(began + held);
        vm.prank(owners[0]);
        leases.yield(leaseId);
        assertState(taskId, TaskState.VACANT);
    }

    function assertPaid(uint256 toClient, uint256 burned) internal view {
        vm.assertEq(creditOf(client), 9 * PRICE + toClient, "to the client");
        vm.assertEq(balance(Accounts.BURN), burned, "burned");
        vm.assertEq(stakeOf(0), 1_000 * CREDITS - toClient - burned, "left of the stake");
    }

    function test_The_last_second_of_90_days_costs_all_but_nothing_of_a_missed_delivery() public {
        yieldAfter(WHOLE - 1);
        // 79.99 % of b = 120, and the client has half of it but for the last second.
        uint256 penalty = 95.988e18;
        uint256 toClient = penalty * (WHOLE - 2) / (2 * WHOLE);
        vm.assertGt(toClient, 47.99e18);
        assertPaid(toClient, penalty - toClient);
    }

    function test_Giving_back_at_once_still_burns_a_tenth() public {
        yieldAfter(0);
        assertPaid(0, 12 * CREDITS);
    }

    function test_Half_of_the_time_costs_more_and_still_nobody_earns() public {
        yieldAfter(WHOLE / 2);
        assertPaid(0, 54 * CREDITS);
    }

    function test_Three_quarters_of_the_time_pay_the_client_a_quarter_of_the_penalty() public {
        yieldAfter(3 * WHOLE / 4);
        assertPaid(18.75e18, 56.25e18);
    }

    function test_Letting_the_lease_lapse_instead_is_never_cheaper() public {
        while (block.timestamp + 3_599 < began + 3 * WHOLE / 4) {
            skip(3_599);
            vm.prank(owners[0]);
            leases.heartbeat(leaseId, "busy");
        }
        skip(3_600 + 30);
        leases.expire(leaseId);
        vm.assertGt(balance(Accounts.BURN) + creditOf(client) - 9 * PRICE, 75 * CREDITS);
        vm.assertEq(balance(Accounts.BURN), creditOf(client) - 9 * PRICE);
    }
}
