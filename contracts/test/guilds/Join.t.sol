// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IGuilds, Membership } from "../../src/interfaces/IGuilds.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsJoinTest is GuildsCase {
    function test_A_member_earns_from_the_moment_it_joins() public {
        pay(1_000);
        invite(other, 7_000, until);
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildMemberSet(id, other, 2, 7_000, until);
        vm.prank(otherOwner);
        guilds.join(id, other, 7_000, until);
        Membership memory joined = membership(other);
        vm.assertEq(uint256(joined.status), 2);
        vm.assertEq(uint256(joined.position), 2);
        vm.assertEq(uint256(joined.from), 1_000);
        vm.assertEq(uint256(found().assignedBps), 10_000);
        vm.assertEq(guilds.membersOf(id)[1], other);
        pay(500);
        vm.assertEq(guilds.owedTo(id, other), 350);
        vm.assertEq(guilds.owedTo(id, member), 450);
    }

    function test_Shares_never_exceed_the_whole() public {
        invite(other, 7_001, until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.SharesExceedWhole.selector, id, 10_001, 10_000));
        vm.prank(otherOwner);
        guilds.join(id, other, 7_001, until);
    }

    function test_An_expired_members_share_is_free_for_others() public {
        vm.warp(until);
        admit(other, otherOwner, 10_000, until + 1 days);
        vm.assertEq(uint256(found().assignedBps), 10_000);
        vm.assertEq(uint256(membership(other).position), 1);
    }

    function test_Nobody_joins_uninvited() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotInvited.selector, id, other, 0));
        vm.prank(otherOwner);
        guilds.join(id, other, 0, 0);
    }

    function test_Nobody_joins_for_another() public {
        invite(other, 1, until);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, other, founderOwner));
        vm.prank(founderOwner);
        guilds.join(id, other, 1, until);
    }

    function test_A_stale_invitation_is_refused() public {
        invite(other, 1, GENESIS_TIME + 5);
        vm.warp(GENESIS_TIME + 5);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.ExpiryInThePast.selector, GENESIS_TIME + 5, GENESIS_TIME + 5));
        vm.prank(otherOwner);
        guilds.join(id, other, 1, GENESIS_TIME + 5);
    }

    function test_A_guild_has_at_most_32_members() public {
        for (uint160 i = 1; i < 32; ++i) {
            address owner = address(0xB000 + i);
            admit(newAgent(owner, 0), owner, 1, until);
        }
        invite(other, 1, until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.GuildFull.selector, id, 32));
        vm.prank(otherOwner);
        guilds.join(id, other, 1, until);
    }

    function test_An_invitation_that_changed_is_refused() public {
        invite(other, 7_000, until);
        invite(other, 1, until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.OfferChanged.selector, id, other, 1, until));
        vm.prank(otherOwner);
        guilds.join(id, other, 7_000, until);
        invite(other, 7_000, until - 1);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.OfferChanged.selector, id, other, 7_000, until - 1));
        vm.prank(otherOwner);
        guilds.join(id, other, 7_000, until);
        vm.prank(otherOwner);
        guilds.join(id, other, 7_000, until - 1);
        vm.assertEq(uint256(membership(other).status), 2);
    }
}
