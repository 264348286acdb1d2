// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Guild, IGuilds } from "../../src/interfaces/IGuilds.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsFormTest is GuildsCase {
    function test_Forming_records_founder_charter_and_its_address() public {
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildFormed(2, other, charter, "second");
        vm.prank(otherOwner);
        vm.assertEq(guilds.form(other, charter, "second"), 2);
        Guild memory guild = guilds.guildOf(2);
        vm.assertEq(guild.founderId, other);
        vm.assertEq(guild.charterAddress, charter);
        vm.assertEq(guild.charterHash, "second");
        vm.assertEq(uint256(guild.dissolvedAt), 0);
        vm.assertEq(uint256(guild.assignedBps), 0);
        vm.assertEq(guilds.guildCount(), 2);
    }

    function test_Only_an_agents_actor_forms() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, other, patron));
        vm.prank(patron);
        guilds.form(other, charter, "second");
    }

    function test_A_charter_without_an_address_is_refused() public {
        vm.expectRevert(IGuilds.ZeroCharterAddress.selector);
        vm.prank(otherOwner);
        guilds.form(other, address(0), "second");
    }

    function test_A_tripped_breaker_stops_new_guilds() public {
        trip(1);
        expectTripped("guilds", 1);
        vm.prank(otherOwner);
        guilds.form(other, charter, "second");
    }
}
