// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";
import { GuildOps } from "./GuildOps.sol";

/// @title All operations on channels and guilds, and the states that a good walk sees.
contract CommonsHandler is GuildOps {
    constructor() {
        vm.recordLogs();
        setUp();
        install();
        watch();
        string[30] memory all = [
            "open a channel",
            "topUp",
            "redeem",
            "redeem with a stale nonce is refused",
            "redeem beyond the deposits is refused",
            "redeem by another's signature is refused",
            "startClose by the payer",
            "startClose by anybody after the expiry",
            "startClose by anybody before it is refused",
            "close",
            "close while it is contested is refused",
            "closeByPayee",
            "closeTogether",
            "form",
            "invite",
            "join",
            "join by another offer is refused",
            "join beyond the whole is refused",
            "setShare",
            "setShare beyond the whole is refused",
            "claim a share",
            "claim nothing is refused",
            "pay a guild",
            "quit",
            "remove",
            "dissolve",
            "sweepGuild",
            "sweepGuild within its time is refused",
            "withdraw",
            "wait"
        ];
        for (uint256 i; i < all.length; ++i) {
            name(all[i]);
        }
        string[11] memory states = [
            "channel open",
            "channel closing",
            "channel closed",
            "channel expired",
            "invited",
            "member",
            "left",
            "removed",
            "expired",
            "a member whose time is over",
            "guild dissolved"
        ];
        for (uint256 i; i < states.length; ++i) {
            expectState(states[i]);
        }
    }

    function perform(uint256 op, uint256 pick, uint256 value) internal override returns (bool did) {
        did = choose(op, pick, value);
        // What a refused call has moved before its end is recorded, too.
        bool refused = (op > 2 && op < 6) || op == 8 || op == 10 || op == 16 || op == 17 || op == 19 || op == 21
            || op == 27;
        if (refused) overlook();
    }

    function choose(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        if (op < 13) return channelOps(op, pick, value);
        if (op < 28) return guildOps(op, pick, value);
        if (op == 28) return withdraw(pick, value);
        skip(value % 6 hours);
        return true;
    }

    function look() internal override {
        uint256 last = channels.channelCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            ++seen[channels.channelOf(id).status - 1];
            if (isExpired(id)) ++seen[3];
        }
        last = guilds.guildCount();
        for (uint256 id = last; id != 0 && last - id < RECENT; --id) {
            if (isDissolved(id)) ++seen[10];
            for (uint256 i; i < PARTIES; ++i) {
                uint8 status = guilds.membershipOf(id, agents[i]).status;
                if (status != 0) ++seen[3 + status];
                if (status == 2 && !isEarning(id, agents[i])) ++seen[9];
            }
        }
    }

    function withdraw(uint256 pick, uint256 value) private returns (bool) {
        address who = parties[pick % PARTIES];
        uint256 amount = some(who, value, CREDITS);
        if (amount == 0) return false;
        vm.prank(who);
        vault.withdraw(amount, address(0xEE));
        return true;
    }
}
