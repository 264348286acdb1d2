// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsSetShareTest is GuildsCase {
    function setShare(uint256 agentId, uint16 shareBps, uint64 expiresAt) private {
        vm.prank(founderOwner);
        guilds.setShare(id, agentId, shareBps, expiresAt);
    }

    function test_A_change_pays_the_old_share_first() public {
        pay(1_000);
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildMemberSet(id, member, 2, 100, until + 9);
        setShare(member, 100, until + 9);
        vm.assertEq(creditOf(memberOwner), 300);
        vm.assertEq(uint256(membership(member).from), 1_000);
        vm.assertEq(uint256(membership(member).shareBps), 100);
        vm.assertEq(uint256(membership(member).expiresAt), until + 9);
        vm.assertEq(uint256(found().assignedBps), 100);
        pay(1_000);
        vm.assertEq(guilds.owedTo(id, member), 10);
    }

    function test_The_sum_stays_within_the_whole() public {
        admit(other, otherOwner, 7_000, until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.SharesExceedWhole.selector, id, 10_001, 10_000));
        setShare(member, 3_001, until);
    }

    function test_Only_the_founder_changes_shares() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotTheFounder.selector, id, memberOwner));
        vm.prank(memberOwner);
        guilds.setShare(id, member, 10_000, until);
    }

    function test_Who_is_no_member_has_no_share_to_change() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotAMember.selector, id, other, 0));
        setShare(other, 1, until);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotAMember.selector, id, member, 5));
        setShare(member, 1, until + 1);
    }

    function test_Bounds_hold_as_for_invitations() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.ShareOutOfBounds.selector, 0, 10_000));
        setShare(member, 0, until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.ExpiryInThePast.selector, GENESIS_TIME, GENESIS_TIME));
        setShare(member, 1, GENESIS_TIME);
    }
}
