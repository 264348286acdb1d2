// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 26: throwing a bad name away.
contract ANewNameIsWorthLittleTest is Market {
    function test_A_new_name_is_worth_little() public {
        vm.startPrank(wiring.disputes);
        reputation.add(agents[0], DOMAIN, 0, -100e6, 5);
        reputation.add(agents[1], DOMAIN, 0, 100e6, 1);
        vm.stopPrank();
        Terms memory t = terms(Mode.OPEN);
        t.minReputation = 1;
        uint256 gated = create(0, t);
        uint256 fresh = newAgent(owners[0], 0);
        // The stake of the old name is worth a new one only after the unbonding.
        vm.prank(owners[0]);
        uint256 unbondId = stake.unbond(agents[0], 1_000 * CREDITS);
        vm.expectPartialRevert(bytes4(keccak256("TooEarly(uint64,uint256)")));
        stake.release(unbondId);
        bondAgent(fresh, 1_000 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.ReputationTooLow.selector, fresh, 0, 1));
        vm.prank(owners[0]);
        market.placeBid(gated, fresh, 1, 0, 0);
        uint256 open = create(Mode.OPEN);
        uint256 known = bidAs(1, open, 900 * CREDITS);
        vm.prank(owners[0]);
        uint256 newcomer = market.placeBid(open, fresh, 900 * CREDITS, 0, 0);
        vm.assertGt(market.bidOf(known).score, market.bidOf(newcomer).score);
        vm.assertEq(Board.bidIdOf(market.boardOf(open)[0]), known);
    }
}
