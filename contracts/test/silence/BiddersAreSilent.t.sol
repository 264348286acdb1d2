// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: task bidding, all bidders.
contract BiddersAreSilentTest is Market {
    function test_When_nobody_bids_the_escrow_comes_back() public {
        uint256 taskId = create(Mode.OPEN);
        vm.startPrank(person("anyone"));
        skip(900);
        market.reopen(taskId);
        skip(10 days);
        market.cancelExpired(taskId);
        vm.stopPrank();
        vm.assertEq(creditOf(client), 10 * PRICE);
        vm.assertEq(balance(Accounts.task(taskId)), 0);
    }
}
