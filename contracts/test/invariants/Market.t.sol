// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BidState, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { MarketHandler } from "./MarketHandler.sol";
import { vm } from "../Vm.sol";

/// @notice Invariants 1, 2, 3 and 6 of the contracts over random lives of tasks; 3 and 6 are judged event by event in
///         the handler, whose failure fails the run.
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
        targets[0].selectors[0] = MarketHandler.act.selector;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// forge-config: default.invariant.runs = 10
    function invariant_1_accounts_fold_of_moves_and_tokens_agree() public view {
        handler.assertConserved();
    }

    /// forge-config: default.invariant.runs = 10
    function invariant_2_a_task_holds_its_escrow_until_its_end_and_nothing_after() public view {
        handler.assertTaskMoney();
        handler.assertBidMoney();
        handler.assertLocks();
    }

    function test_The_handler_reaches_every_state() public {
        for (uint256 i; i < 800; ++i) {
            handler.act(uint256(keccak256(abi.encode("reach", i))));
        }
        invariant_1_accounts_fold_of_moves_and_tokens_agree();
        invariant_2_a_task_holds_its_escrow_until_its_end_and_nothing_after();
        for (uint256 state = 1; state <= uint256(type(TaskState).max); ++state) {
            vm.assertGt(handler.statesSeen(TaskState(state)), 0, vm.toString(state));
        }
        for (uint256 state = 1; state <= uint256(type(BidState).max); ++state) {
            vm.assertGt(handler.bidStatesSeen(BidState(state)), 0, vm.toString(state));
        }
    }
}
