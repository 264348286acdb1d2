// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel } from "../../src/interfaces/IChannels.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";
import { Ops } from "./Ops.sol";

/// @title Four parties, each with an agent: what must hold at their channels and guilds between any two calls, and how
///        an operation finds its object.
abstract contract CommonsChecks is Commons, Ops {
    uint256 internal constant PARTIES = 4;
    uint256 internal constant RECENT = 6;

    uint256[PARTIES] public keys = [uint256(0x11), 0x22, 0x33, 0x44];
    address[PARTIES] internal parties;
    uint256[PARTIES] internal agents;
    mapping(uint256 channelId => uint256) public cumulativeOf;

    function setUp() public virtual override(Commons, Economy) {
        Commons.setUp();
        for (uint256 i; i < PARTIES; ++i) {
            parties[i] = vm.addr(keys[i]);
            agents[i] = newAgent(parties[i], 2_000 * CREDITS);
            fund(parties[i], 50_000 * CREDITS);
        }
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.channels);
        assertDebits(wiring.guilds);
    }

    /// @notice Invariant 7.
    function assertChannels() external view {
        for (uint256 id = 1; id <= channels.channelCount(); ++id) {
            Channel memory channel = channels.channelOf(id);
            vm.assertLe(channel.redeemed, channels.depositsOf(id), "redeemed and deposits");
            vm.assertEq(channel.redeemed, cumulativeOf[id], "what the payee took last");
            if (channel.status == 3) vm.assertEq(balance(Accounts.channel(id)), 0, "a closed channel");
        }
    }

    /// @notice A guild covers what it owes, and its shares are no more than the whole.
    function assertCovered() external view {
        for (uint256 id = 1; id <= guilds.guildCount(); ++id) {
            uint256[] memory members = guilds.membersOf(id);
            uint256 owed;
            uint256 bps;
            for (uint256 i; i < members.length; ++i) {
                owed += guilds.owedTo(id, members[i]);
                bps += guilds.membershipOf(id, members[i]).shareBps;
            }
            vm.assertLe(owed, balance(Accounts.guild(id)), "what a guild owes");
            vm.assertEq(bps, guilds.guildOf(id).assignedBps, "shares of a guild");
            vm.assertLe(bps, 10_000, "the whole");
        }
    }

    /// @dev The last few of a kind that the operation fits, the first from `pick` on; 0 when none does.
    function find(function(uint256) internal view returns (bool) fits, uint256 last, uint256 pick)
        internal
        view
        returns (uint256)
    {
        uint256 count = last < RECENT ? last : RECENT;
        for (uint256 i; i < count; ++i) {
            uint256 id = last - addmod(pick, i, count);
            if (fits(id)) return id;
        }
        return 0;
    }

    function later(uint256 time) internal {
        if (block.timestamp < time) vm.warp(time);
    }

    /// @dev Up to `most` of what somebody has; 0 when there is nothing.
    function some(address who, uint256 value, uint256 most) internal view returns (uint256) {
        uint256 has = creditOf(who);
        if (has == 0) return 0;
        return bound(value, 1, has < most ? has : most);
    }
}
