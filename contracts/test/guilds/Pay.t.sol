// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsPayTest is GuildsCase {
    function test_A_receipt_moves_money_and_is_remembered_by_its_second() public {
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.credit(patron), Accounts.guild(id), bytes32(id), 100, Reasons.GUILD_RECEIPT);
        pay(100);
        pay(50);
        vm.assertEq(guilds.receiptsAt(id, GENESIS_TIME), 150);
        skip(5);
        pay(1);
        vm.assertEq(guilds.receiptsAt(id, GENESIS_TIME + 4), 150);
        vm.assertEq(guilds.receiptsAt(id, GENESIS_TIME + 5), 151);
        vm.assertEq(guilds.receiptsAt(id, GENESIS_TIME - 1), 0);
        vm.assertEq(held(), 151);
    }

    function test_Nothing_is_no_receipt() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NothingReceived.selector, id));
        pay(0);
    }

    function test_A_dissolved_or_unknown_guild_receives_nothing() public {
        dissolve();
        vm.startPrank(patron);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.GuildIsDissolved.selector, id, GENESIS_TIME));
        guilds.pay(id, 1);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.UnknownGuild.selector, 5));
        guilds.pay(5, 1);
    }

    function test_Nobody_pays_more_than_it_has() public {
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        pay(1_001 * CREDITS);
        vm.assertEq(guilds.receiptsAt(id, GENESIS_TIME), 0);
    }
}
