// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Penalties of the winner: X for b = 120, what the client gets of it, what burns.
contract PenaltyVectorsTest is Market {
    function assertPenalty(uint256 toClient, uint256 burned) internal view {
        vm.assertEq(creditOf(client), 9 * PRICE + toClient * CREDITS);
        vm.assertEq(balance(Accounts.BURN), burned * CREDITS);
        vm.assertEq(stakeOf(0), (1_000 - toClient - burned) * CREDITS);
    }

    function test_Yield_before_the_start() public {
        uint256 taskId = matched(PRICE);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        assertPenalty(0, 12);
    }

    function test_Yield_after_the_start() public {
        (, uint256 leaseId) = running(PRICE);
        vm.prank(owners[0]);
        leases.yield(leaseId);
        assertPenalty(0, 12);
    }

    function test_No_start() public {
        uint256 taskId = matched(PRICE);
        skip(900);
        market.vacate(taskId);
        assertPenalty(0, 24);
    }

    function test_Lapse() public {
        (, uint256 leaseId) = running(PRICE);
        skip(150);
        leases.expire(leaseId);
        assertPenalty(30, 30);
    }

    function test_Missed() public {
        (uint256 taskId,) = running(PRICE);
        skip(2 days);
        market.vacate(taskId);
        assertPenalty(48, 48);
    }

    function test_Unrevealed() public {
        uint256 taskId = create(Mode.SEALED);
        uint256 bidId = commitAs(0, taskId, PRICE);
        skip(1_500);
        market.forfeitBid(bidId);
        assertPenalty(0, 24);
    }
}
