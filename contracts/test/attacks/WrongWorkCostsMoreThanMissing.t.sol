// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 5: garbage instead of a missed deadline.
contract WrongWorkCostsMoreThanMissingTest is Market {
    function test_Wrong_work_costs_more_than_missing() public {
        uint256 missed = matched(PRICE);
        startAs(0, missed);
        uint256 wrong = create(Mode.OPEN);
        uint256 bidId = bidAs(1, wrong, PRICE);
        vm.prank(client);
        market.pick(wrong, bidId);
        startAs(1, wrong);
        submitAs(1, wrong);
        dispute(wrong, 1, 7);
        ruleOn(wrong, 1, 7, 2);
        skip(2 days);
        market.vacate(missed);
        uint256 costOfMissing = 1_000 * CREDITS - stakeOf(0);
        uint256 costOfGarbage = 1_000 * CREDITS - stakeOf(1);
        vm.assertEq(costOfMissing, 96 * CREDITS);
        vm.assertEq(costOfGarbage, 120 * CREDITS);
        vm.assertEq(creditOf(owners[1]), 0);
        vm.assertTrue(reputation.scoreOf(agents[1], DOMAIN) < reputation.scoreOf(agents[0], DOMAIN));
    }

    function test_Fuzz_no_parameters_make_missing_dearer(uint256 rate) public {
        rate = bound(rate, 5_000, 9_999);
        setParam(Keys.MISSED_RATE, rate);
        (uint256 taskId,) = running(PRICE);
        skip(2 days);
        market.vacate(taskId);
        vm.assertLt(1_000 * CREDITS - stakeOf(0), BOND / 2);
    }
}
