// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CommonsHandler } from "./CommonsHandler.sol";
import { vm } from "../Vm.sol";

/// @notice Invariants 1, 2 and 7 over random lives of channels and guilds; 7 is judged event by event in the handler, too,
///         whose failure fails the run. Bounties live in the walk of Subjects, where they are disputed, too.
contract CommonsInvariants {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public constant IS_TEST = true;

    CommonsHandler internal handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        handler = new CommonsHandler();
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
    function invariant_Accounts_agree_and_channels_and_guilds_cover_what_they_owe() public view {
        handler.assertConserved();
        handler.assertBonded();
        handler.assertChannels();
        handler.assertCovered();
    }

    /// @notice A walk of a fixed seed does every operation and sees every state; its counts are printed.
    function test_The_handler_reaches_every_state() public {
        for (uint256 i; i < 4_000; ++i) {
            uint256 random = uint256(keccak256(abi.encode("commons", i)));
            handler.act(random, random >> 32, random >> 64);
        }
        handler.report();
        invariant_Accounts_agree_and_channels_and_guilds_cover_what_they_owe();
        handler.assertReached();
        handler.assertLeastPrivilege();
    }
}
