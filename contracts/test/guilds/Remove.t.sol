// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsRemoveTest is GuildsCase {
    function test_A_removed_member_keeps_what_it_earned() public {
        pay(1_000);
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildMemberSet(id, member, 4, 0, 0);
        vm.prank(founderOwner);
        guilds.remove(id, member);
        vm.assertEq(creditOf(memberOwner), 300);
        vm.assertEq(uint256(membership(member).status), 4);
        vm.assertEq(uint256(found().assignedBps), 0);
        pay(1_000);
        vm.assertEq(guilds.owedTo(id, member), 0);
    }

    function test_An_invitation_can_be_taken_back() public {
        invite(other, 1_000, until);
        vm.prank(founderOwner);
        guilds.remove(id, other);
        vm.assertEq(uint256(membership(other).status), 4);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotInvited.selector, id, other, 4));
        vm.prank(otherOwner);
        guilds.join(id, other, 0, 0);
    }

    function test_Only_the_founder_removes() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotTheFounder.selector, id, patron));
        vm.prank(patron);
        guilds.remove(id, member);
    }

    function test_Who_is_no_member_cannot_be_removed() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotAMember.selector, id, other, 0));
        vm.prank(founderOwner);
        guilds.remove(id, other);
    }
}
