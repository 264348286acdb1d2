// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Guild, Membership } from "../../src/interfaces/IGuilds.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title A guild of a founder and one member with 30 % for 10 days; a patron with 1,000 credits.
abstract contract GuildsCase is Commons {
    address internal founderOwner = address(0xF0);
    address internal memberOwner = address(0x3E);
    address internal otherOwner = address(0x07);
    address internal charter = address(0xC4A7);
    address internal patron = address(0x9A7);
    uint64 internal until = GENESIS_TIME + 10 days;
    uint256 internal founder;
    uint256 internal member;
    uint256 internal other;
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        founder = newAgent(founderOwner, 0);
        member = newAgent(memberOwner, 0);
        other = newAgent(otherOwner, 0);
        fund(patron, 1_000 * CREDITS);
        vm.prank(founderOwner);
        id = guilds.form(founder, charter, "charter");
        admit(member, memberOwner, 3_000, until);
    }

    function invite(uint256 agentId, uint16 shareBps, uint64 expiresAt) internal {
        vm.prank(founderOwner);
        guilds.invite(id, agentId, shareBps, expiresAt);
    }

    function admit(uint256 agentId, address owner, uint16 shareBps, uint64 expiresAt) internal {
        invite(agentId, shareBps, expiresAt);
        vm.prank(owner);
        guilds.join(id, agentId, shareBps, expiresAt);
    }

    function pay(uint256 amount) internal {
        vm.prank(patron);
        guilds.pay(id, amount);
    }

    function dissolve() internal {
        vm.prank(founderOwner);
        guilds.dissolve(id);
    }

    function held() internal view returns (uint256) {
        return balance(Accounts.guild(id));
    }

    function found() internal view returns (Guild memory) {
        return guilds.guildOf(id);
    }

    function membership(uint256 agentId) internal view returns (Membership memory) {
        return guilds.membershipOf(id, agentId);
    }
}
