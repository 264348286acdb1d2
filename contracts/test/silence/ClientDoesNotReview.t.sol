// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: verifying, the client.
contract ClientDoesNotReviewTest is Market {
    function test_When_the_client_does_not_review_the_agent_is_paid() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        skip(2 hours);
        vm.prank(person("anyone"));
        market.finalize(taskId);
        vm.assertEq(creditOf(owners[0]), 990 * CREDITS);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS);
        vm.assertEq(balance(Accounts.task(taskId)), 0);
    }
}
