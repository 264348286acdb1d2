// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { GovernanceHandler } from "./GovernanceHandler.sol";
import { vm } from "../Vm.sol";

/// @notice Proposals, votes, spends and their bonds, with the guardians tripping the breaker in between; a refusal in the
///         handler fails the run.
contract GovernanceInvariants {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bool public constant IS_TEST = true;

    GovernanceHandler internal handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        handler = new GovernanceHandler();
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
    function invariant_Accounts_agree_and_votes_bonds_and_bounds_hold() public view {
        handler.assertConserved();
        handler.assertBonded();
        handler.assertVotes();
    }

    /// @notice A walk of a fixed seed does every operation and sees every state; its counts are printed.
    function test_The_handler_reaches_every_state() public {
        for (uint256 i; i < 4_000; ++i) {
            uint256 random = uint256(keccak256(abi.encode("governance", i)));
            handler.act(random, random >> 32, random >> 64);
        }
        handler.report();
        invariant_Accounts_agree_and_votes_bonds_and_bounds_hold();
        handler.assertReached();
        handler.assertLeastPrivilege();
    }
}
