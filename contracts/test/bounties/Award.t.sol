// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBounties } from "../../src/interfaces/IBounties.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { BountiesCase } from "./BountiesCase.sol";

contract BountiesAwardTest is BountiesCase {
    function test_The_sponsor_pays_whom_it_likes_at_once() public {
        claim(0);
        uint256 second = claim(1);
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyAwarded(id, second);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.bounty(id), Accounts.credit(owners[1]), bytes32(second), 500 * CREDITS, Reasons.BOUNTY_AWARD
        );
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            pledge(second), Accounts.stake(agents[1]), bytes32(second), 100 * CREDITS, Reasons.BOND_RELEASE
        );
        award(second);
        vm.assertEq(uint256(foundClaim(second).status), 3);
        vm.assertEq(uint256(found().awarded), 1);
        vm.assertEq(uint256(found().decided), 1);
        vm.assertEq(stakeBalance(agents[1]), 1_000 * CREDITS);
        vm.assertEq(registry.locksOf(agents[1]), 0);
    }

    function test_Only_the_sponsor_awards_before_the_deadline() public {
        uint256 first = claim(0);
        vm.expectRevert(abi.encodeWithSelector(IBounties.OnlySponsor.selector, id, owners[0]));
        vm.prank(owners[0]);
        bounties.award(first);
        vm.warp(awardEnd);
        vm.expectRevert(abi.encodeWithSelector(Module.TooLate.selector, awardEnd, awardEnd));
        award(first);
    }

    function test_A_claim_is_awarded_once_and_not_while_disputed() public {
        uint256 first = claim(0);
        award(first);
        vm.expectRevert(abi.encodeWithSelector(IBounties.WrongStatus.selector, first, 3));
        award(first);
        uint256 second = claim(1);
        challenge(second);
        vm.expectRevert(abi.encodeWithSelector(IBounties.WrongStatus.selector, second, 2));
        award(second);
    }

    function test_There_are_no_more_awards_than_promised() public {
        uint256 first = claim(0);
        uint256 second = claim(1);
        uint256 third = claim(2);
        award(first);
        award(second);
        vm.expectRevert(abi.encodeWithSelector(IBounties.NoAwardLeft.selector, id));
        award(third);
    }
}
