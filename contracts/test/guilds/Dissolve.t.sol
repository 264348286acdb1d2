// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsDissolveTest is GuildsCase {
    function test_The_founder_dissolves() public {
        vm.expectEmit(wiring.guilds);
        emit IGuilds.GuildDissolved(id);
        dissolve();
        vm.assertEq(uint256(found().dissolvedAt), GENESIS_TIME);
    }

    function test_The_charters_address_dissolves_too() public {
        vm.prank(charter);
        guilds.dissolve(id);
        vm.assertEq(uint256(found().dissolvedAt), GENESIS_TIME);
    }

    function test_Nobody_else_dissolves() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotTheFounder.selector, id, memberOwner));
        vm.prank(memberOwner);
        guilds.dissolve(id);
    }

    function test_A_guild_ends_once() public {
        dissolve();
        vm.expectRevert(abi.encodeWithSelector(IGuilds.GuildIsDissolved.selector, id, GENESIS_TIME));
        vm.prank(founderOwner);
        guilds.dissolve(id);
    }
}
