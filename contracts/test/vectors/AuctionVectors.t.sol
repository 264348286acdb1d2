// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Rules, Terms, Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Bidding } from "../../src/libraries/Bidding.sol";
import { Decay } from "../../src/libraries/Decay.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice The `vector:` lines of the economics, section 2, and the bonds of section 4 that the market computes.
contract AuctionVectorsTest is Market {
    function rules() internal pure returns (Rules memory r) {
        (r.wPrice, r.wRep, r.wRec) = (5_000, 4_000, 1_000);
        (r.recHalfLife, r.repK) = (30 days, 200e6);
    }

    function score(uint256 price, int256 points, uint256 idle) internal view returns (uint256) {
        uint256 time = block.timestamp;
        return Bidding.score(rules(), 1_000, price, points * 1e6, time - idle, time);
    }

    function test_Scores() public view {
        vm.assertEq(score(800, 200, 0), 4_000_000_000);
        vm.assertEq(score(800, 200, 30 days), 3_500_000_000);
        vm.assertEq(score(700, 0, 0), 2_500_000_000);
        vm.assertEq(score(1_000, 200, 0), 3_000_000_000);
    }

    function test_Recency_halves_and_is_forgotten() public pure {
        vm.assertEq(Decay.recency(0, 30 days), 1_000_000);
        vm.assertEq(Decay.recency(30 days, 30 days), 500_000);
        vm.assertEq(Decay.recency(64 * 30 days, 30 days), 0);
    }

    function test_The_score_on_chain_is_the_score_of_the_vector() public {
        vm.prank(wiring.disputes);
        reputation.add(agents[0], DOMAIN, 0, 200e6, 1);
        uint256 taskId = create(Mode.OPEN);
        vm.assertEq(market.bidOf(bidAs(0, taskId, 800 * CREDITS)).score, 4_000_000_000);
    }

    function test_Windows_double_up_to_eight_times() public pure {
        uint256[5] memory expected = [uint256(900), 1_800, 3_600, 7_200, 7_200];
        for (uint256 round = 1; round <= 5; ++round) {
            vm.assertEq(Bidding.window(900, round), expected[round - 1]);
        }
    }

    function test_Dispute_bonds() public {
        uint256 taskId = matched(PRICE);
        startAs(0, taskId);
        submitAs(0, taskId);
        uint256[3] memory kinds = [uint256(1), 3, 4];
        uint256[3] memory bonds = [uint256(120), 180, 240];
        for (uint256 i; i < 3; ++i) {
            uint256 state = vm.snapshotState();
            vm.assertEq(dispute(taskId, uint8(kinds[i]), 1).bond, bonds[i] * CREDITS);
            vm.revertToState(state);
        }
    }

    function test_Odd_bonds_round_the_dispute_bond_up() public {
        Terms memory t = terms(Mode.OPEN);
        t.agentBond = BOND + 3;
        uint256 taskId = matched(t, PRICE);
        startAs(0, taskId);
        submitAs(0, taskId);
        vm.assertEq(dispute(taskId, 3, 1).bond, ((BOND + 3) / 2 * 15 + 9) / 10);
    }

    function test_Fuzz_a_better_bid_never_scores_lower(uint256 price, uint256 less, int256 points, uint256 idle)
        public
        view
    {
        price = bound(price, 0, 1_000);
        less = bound(less, 0, price);
        points = int256(bound(uint256(points), 0, 2_000)) - 1_000;
        idle = bound(idle, 0, 3_000 days);
        uint256 base = score(price, points, idle);
        vm.assertGe(score(price - less, points, idle), base);
        vm.assertGe(score(price, points + 1, idle), base);
        vm.assertGe(score(price, points, idle / 2), base);
        vm.assertLe(base, 1e10);
    }
}
