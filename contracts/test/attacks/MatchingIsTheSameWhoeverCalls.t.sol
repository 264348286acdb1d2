// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 12: matching at a chosen moment.
contract MatchingIsTheSameWhoeverCallsTest is Market {
    function test_Matching_is_the_same_whoever_calls() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, 700 * CREDITS);
        uint256 best = bidAs(1, taskId, 600 * CREDITS);
        vm.prank(wiring.disputes);
        reputation.add(agents[0], DOMAIN, 0, 2_000e6, 1);
        address[3] memory callers = [client, owners[0], person("anyone")];
        uint256[3] memory moments = [uint256(900), 1 days, 8 days];
        for (uint256 i; i < 3; ++i) {
            uint256 state = vm.snapshotState();
            skip(moments[i]);
            vm.prank(callers[i]);
            market.matchBest(taskId);
            vm.assertEq(market.taskOf(taskId).bidId, best);
            vm.assertEq(market.taskOf(taskId).price, 600 * CREDITS);
            vm.revertToState(state);
        }
    }
}
