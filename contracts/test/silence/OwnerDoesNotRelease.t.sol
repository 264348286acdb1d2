// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Accounts } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Silence: unbonding, the owner.
contract OwnerDoesNotReleaseTest is Market {
    function test_When_the_owner_does_not_release_anyone_does() public {
        vm.prank(owners[0]);
        uint256 unbondId = stake.unbond(agents[0], 400 * CREDITS);
        skip(14 days);
        vm.prank(person("anyone"));
        stake.release(unbondId);
        vm.assertEq(creditOf(owners[0]), 400 * CREDITS);
        vm.assertEq(balance(Accounts.unbonding(unbondId)), 0);
    }
}
