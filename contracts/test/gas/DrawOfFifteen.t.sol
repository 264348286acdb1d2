// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "../pool/PoolCase.sol";
import { Meter } from "./Meter.sol";

/// @notice What a draw costs when nothing is warm: every word is read for the first time, as in a transaction of its own.
contract DrawOfFifteenTest is PoolCase, Meter {
    uint256 internal constant GOAL = 3_000_000;

    function setUp() public override {
        super.setUp();
        endBootstrap();
        fill();
        skip(7 days);
    }

    function cold() private {
        vm.cool(wiring.verifierPool);
        vm.cool(wiring.agentRegistry);
        vm.cool(wiring.vault);
        vm.cool(wiring.stake);
        vm.cool(wiring.disputes);
        vm.cool(wiring.reputation);
        vm.cool(wiring.parameters);
        vm.cool(wiring.breaker);
    }

    function test_A_cold_draw_of_fifteen_from_a_full_pool() public {
        uint256 most;
        for (uint256 k; k < 10; ++k) {
            cold();
            bytes32 seed = keccak256(abi.encode(k));
            uint256 before = gasleft();
            uint256[] memory panel = pool.draw(seed, lot(15));
            uint256 used = before - gasleft();
            vm.assertEq(panel.length, 15);
            if (used > most) most = used;
        }
        emit log_named_uint("cold draw of 15 seats of 1,024 leaves, the pool's part, the worst of 10", most);
        vm.assertLt(most, 1_000_000);
    }

    /// @dev The whole transaction: the panel is drawn, its seats are locked.
    function test_A_cold_draw_of_fifteen_seats_at_court() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(wiring.disputes);
            reputation.add(makerId, "strike", 0, 1e6, 13);
        }
        uint256 disputeId = openByWatcher(1, strict());
        startRound(disputeId);
        vm.assertEq(uint256(current(disputeId).panelSize), 15);
        vm.roll(current(disputeId).seedBlock + 1);
        cold();
        uint256 before = gasleft();
        court.draw(disputeId);
        uint256 used = before - gasleft() + 21_000;
        emit log_named_uint("cold draw of 15 seats of 1,024 leaves at court", used);
        emit log_named_uint("goal", GOAL);
        vm.assertLe(used, GOAL);
        vm.assertEq(seatsNow(disputeId).length, 15);
    }

    /// @dev A task whose bond is enough for an agent with two strikes.
    function strict() private returns (uint256) {
        Terms memory t = taskTerms();
        t.agentBond = 4 * BOND;
        return submitted(t, keccak256("result"), keccak256("receipt"));
    }
}
