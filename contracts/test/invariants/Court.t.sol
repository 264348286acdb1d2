// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CourtHandler } from "./CourtHandler.sol";
import { vm } from "../Vm.sol";

/// @notice All invariants over everything that happens at court, and what the pool promises. What one event can break is
///         judged event by event in the handler (Watch), whose failure fails the run.
contract CourtInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public constant IS_TEST = true;

    CourtHandler internal handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        handler = new CourtHandler();
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
    function invariant_Accounts_votes_slashes_rulings_epochs_pool_and_leases_agree() public view {
        handler.assertAll();
    }

    /// @notice A walk of a fixed seed does every operation and sees every state; its counts are printed.
    function test_The_handler_reaches_every_state() public {
        for (uint256 i; i < 5_000; ++i) {
            uint256 random = uint256(keccak256(abi.encode("court", i)));
            handler.act(random, random >> 32, random >> 64);
        }
        handler.report();
        handler.assertAll();
        handler.assertReached();
        handler.assertLeastPrivilege();
    }
}
