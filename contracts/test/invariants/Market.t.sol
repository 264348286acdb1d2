// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { MarketHandler } from "./MarketHandler.sol";
import { vm } from "../Vm.sol";

/// @notice Invariants 1, 2, 3 and 6 of the contracts over random lives of tasks, and what a board promises; 3 and 6 are
///         judged event by event in the handler, whose failure fails the run.
contract MarketInvariantTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public constant IS_TEST = true;

    MarketHandler internal handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        handler = new MarketHandler();
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        targets[0].selectors = new bytes4[](1);
        targets[0].selectors[0] = handler.act.selector;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev One walk for all: a walk of its own for each invariant would be the same walk again.
    function invariant_Accounts_tasks_bids_boards_locks_and_votes_agree() public view {
        handler.assertConserved();
        handler.assertBonded();
        handler.assertTaskMoney();
        handler.assertBidMoney();
        handler.assertBoards();
        handler.assertLocks();
    }

    /// @notice A walk of a fixed seed does every operation and sees every state; its counts are printed.
    function test_The_handler_reaches_every_state() public {
        for (uint256 i; i < 4_000; ++i) {
            uint256 random = uint256(keccak256(abi.encode("reach", i)));
            handler.act(random, random >> 32, random >> 64);
        }
        handler.report();
        invariant_Accounts_tasks_bids_boards_locks_and_votes_agree();
        handler.assertReached();
        handler.assertLeastPrivilege();
    }
}
