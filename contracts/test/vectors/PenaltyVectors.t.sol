// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
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

    /// @dev Of 87,300 s: y(21,825) = 27.5 %, y(43,650) = 45 %, y(65,475) = 62.5 % of b.
    function test_Yields_grow_with_the_time_held() public {
        Terms memory t = terms(Mode.OPEN);
        t.leaseTtl = 3_600;
        uint256[3] memory held = [uint256(21_825), 43_650, 65_475];
        uint256[3] memory burned = [uint256(33e18), 54e18, 56.25e18];
        uint256[3] memory toClient = [uint256(0), 0, 18.75e18];
        uint256 before = vm.snapshotState();
        for (uint256 i; i < 3; ++i) {
            uint256 end = block.timestamp + held[i];
            uint256 leaseId = startAs(0, matched(t, PRICE));
            while (block.timestamp + 3_599 < end) {
                skip(3_599);
                vm.prank(owners[0]);
                leases.heartbeat(leaseId, 0);
            }
            vm.warp(end);
            vm.prank(owners[0]);
            leases.yield(leaseId);
            vm.assertEq(creditOf(client), 9 * PRICE + toClient[i]);
            vm.assertEq(balance(Accounts.BURN), burned[i]);
            vm.revertToState(before);
        }
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
