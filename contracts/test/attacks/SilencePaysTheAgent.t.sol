// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 6: a silent client keeps the work.
contract SilencePaysTheAgentTest is Market {
    function test_Silence_pays_the_agent() public {
        for (uint256 verification; verification < 2; ++verification) {
            uint256 taskId = verifying(Verification(verification), 500 * CREDITS);
            uint256 before = creditOf(owners[0]);
            vm.warp(market.taskOf(taskId).expiresAt + 30 days);
            vm.prank(person("keeper"));
            market.finalize(taskId);
            vm.assertEq(creditOf(owners[0]) - before, 495 * CREDITS);
        }
    }
}
