// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsQuitTest is GuildsCase {
    function test_Leaving_pays_and_frees_the_share() public {
        admit(other, otherOwner, 1_000, until);
        pay(1_000);
        trip(2);
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildMemberSet(id, member, 3, 0, 0);
        vm.prank(memberOwner);
        guilds.quit(id, member);
        vm.assertEq(creditOf(memberOwner), 300);
        vm.assertEq(uint256(membership(member).status), 3);
        vm.assertEq(uint256(found().assignedBps), 1_000);
        vm.assertEq(uint256(membership(other).position), 1);
        vm.assertEq(guilds.membersOf(id).length, 1);
    }

    function test_A_member_leaves_a_dissolved_guild_with_its_money() public {
        pay(1_000);
        dissolve();
        vm.prank(memberOwner);
        guilds.quit(id, member);
        vm.assertEq(creditOf(memberOwner), 300);
    }

    function test_Nobody_leaves_for_another() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotTheAgent.selector, member, founderOwner));
        vm.prank(founderOwner);
        guilds.quit(id, member);
    }

    function test_Only_members_leave() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotAMember.selector, id, other, 0));
        vm.prank(otherOwner);
        guilds.quit(id, other);
    }
}
