// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsSweepGuildTest is GuildsCase {
    function test_The_sweep_settles_everybody_and_empties_the_guild() public {
        admit(other, otherOwner, 1_000, until);
        pay(1_000);
        dissolve();
        skip(30 days);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.guild(id), Accounts.credit(charter), 0, 600, Reasons.GUILD_SHARE);
        guilds.sweepGuild(id);
        vm.assertEq(creditOf(memberOwner), 300);
        vm.assertEq(creditOf(otherOwner), 100);
        vm.assertEq(creditOf(charter), 600);
        vm.assertEq(held(), 0);
        vm.assertEq(guilds.owedTo(id, member), 0);
    }

    function test_The_members_have_30_days() public {
        pay(1_000);
        dissolve();
        skip(30 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(Module.TooEarly.selector, GENESIS_TIME + 30 days, GENESIS_TIME + 30 days - 1)
        );
        guilds.sweepGuild(id);
    }

    function test_A_living_guild_is_not_swept() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.GuildNotDissolved.selector, id));
        guilds.sweepGuild(id);
    }

    function test_An_empty_guild_is_not_swept() public {
        dissolve();
        skip(30 days);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NothingLeft.selector, id));
        guilds.sweepGuild(id);
    }

    function test_Level_two_holds_the_sweep() public {
        pay(1_000);
        dissolve();
        skip(30 days);
        trip(2);
        vm.expectPartialRevert(IBreaker.Tripped.selector);
        guilds.sweepGuild(id);
    }
}
