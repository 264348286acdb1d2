// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds, Membership } from "../../src/interfaces/IGuilds.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsInviteTest is GuildsCase {
    function test_An_invitation_is_an_offer_that_earns_nothing() public {
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildMemberSet(id, other, 1, 9_000, until);
        invite(other, 9_000, until);
        Membership memory offer = membership(other);
        vm.assertEq(uint256(offer.status), 1);
        vm.assertEq(uint256(offer.shareBps), 9_000);
        vm.assertEq(uint256(offer.expiresAt), until);
        vm.assertEq(uint256(offer.position), 0);
        vm.assertEq(uint256(found().assignedBps), 3_000);
        pay(100);
        vm.assertEq(guilds.owedTo(id, other), 0);
    }

    function test_A_second_invitation_replaces_the_first() public {
        invite(other, 9_000, until);
        invite(other, 1_000, until + 1);
        vm.assertEq(uint256(membership(other).shareBps), 1_000);
        vm.assertEq(uint256(membership(other).expiresAt), until + 1);
    }

    function test_Inviting_settles_expired_members_first() public {
        pay(1_000);
        vm.warp(until);
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildMemberSet(id, member, 5, 0, 0);
        invite(other, 1, until + 1);
        vm.assertEq(creditOf(memberOwner), 300);
        vm.assertEq(uint256(found().assignedBps), 0);
        vm.assertEq(uint256(membership(member).status), 5);
        vm.assertEq(guilds.membersOf(id).length, 0);
    }

    function test_Only_the_founder_invites() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotTheFounder.selector, id, memberOwner));
        vm.prank(memberOwner);
        guilds.invite(id, other, 1, until);
    }

    function test_A_share_of_nothing_or_over_the_whole_is_refused() public {
        vm.startPrank(founderOwner);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.ShareOutOfBounds.selector, 0, 10_000));
        guilds.invite(id, other, 0, until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.ShareOutOfBounds.selector, 10_001, 10_000));
        guilds.invite(id, other, 10_001, until);
    }

    function test_An_expiry_that_is_not_ahead_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.ExpiryInThePast.selector, GENESIS_TIME, GENESIS_TIME));
        invite(other, 1, GENESIS_TIME);
    }

    function test_A_member_is_not_invited_again() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotInvited.selector, id, member, 2));
        invite(member, 1, until);
    }

    function test_An_unknown_agent_is_refused() public {
        vm.expectRevert();
        invite(99, 1, until);
    }

    function test_A_guild_that_is_unknown_or_dissolved_invites_nobody() public {
        vm.startPrank(founderOwner);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.UnknownGuild.selector, 7));
        guilds.invite(7, other, 1, until);
        guilds.dissolve(id);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.GuildIsDissolved.selector, id, GENESIS_TIME));
        guilds.invite(id, other, 1, until);
    }
}
