// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "./GuildsCase.sol";

contract GuildsClaimTest is GuildsCase {
    function test_Anyone_brings_a_member_its_share() public {
        pay(1_001);
        trip(2);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.guild(id), Accounts.credit(memberOwner), bytes32(member), 300, Reasons.GUILD_SHARE);
        vm.assertEq(guilds.claim(id, member), 300);
        vm.assertEq(uint256(membership(member).from), 1_001);
        vm.assertEq(held(), 701);
    }

    function test_Nothing_is_paid_twice() public {
        pay(1_000);
        guilds.claim(id, member);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NothingOwed.selector, id, member));
        guilds.claim(id, member);
    }

    function test_Fractions_wait_until_they_are_whole() public {
        pay(3);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NothingOwed.selector, id, member));
        guilds.claim(id, member);
        pay(1);
        vm.assertEq(guilds.claim(id, member), 1);
    }

    function test_Who_is_no_member_claims_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(IGuilds.NotAMember.selector, id, other, 0));
        guilds.claim(id, other);
    }

    function test_Fuzz_shares_never_pass_the_receipts(uint256 seed) public {
        admit(other, otherOwner, 7_000, until);
        uint256 received;
        for (uint256 i; i < 16; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (seed % 3 == 0) skip(seed >> 240);
            uint256 agentId = seed & 8 == 0 ? member : other;
            if (seed & 4 == 0) {
                uint256 amount = bound(seed >> 16, 1, 10 * CREDITS);
                pay(amount);
                received += amount;
            } else if (guilds.owedTo(id, agentId) != 0) {
                guilds.claim(id, agentId);
            }
            uint256 owed = guilds.owedTo(id, member) + guilds.owedTo(id, other);
            vm.assertLe(owed, held());
            vm.assertEq(held() + creditOf(memberOwner) + creditOf(otherOwner), received);
        }
    }
}
