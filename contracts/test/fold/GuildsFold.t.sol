// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Checkpoints } from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import { Guilds } from "../../src/collaboration/Guilds.sol";
import { Guild, IGuilds, Membership } from "../../src/interfaces/IGuilds.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Kind, Reasons } from "../../src/libraries/Accounts.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { vm, Vm } from "../Vm.sol";
import { IReplica } from "./Fold.sol";
import { Walk } from "./Walk.sol";

contract GuildsReplica is Guilds, IReplica {
    using Checkpoints for Checkpoints.Trace208;

    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Guilds(wiring, genesis) {
        ORIGINAL = wiring.guilds;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter == address(VAULT) && log.topics[0] == IVault.Moved.selector) return _foldMoved(log);
        if (log.emitter != ORIGINAL) return;
        uint256 id = uint256(log.topics[1]);
        if (log.topics[0] == GuildFormed.selector) {
            _count = id;
            address charter = address(uint160(uint256(log.topics[3])));
            _guilds[id] = Guild(uint256(log.topics[2]), charter, 0, 0, abi.decode(log.data, (bytes32)));
        } else if (log.topics[0] == GuildDissolved.selector) {
            _guilds[id].dissolvedAt = uint64(block.timestamp);
        } else if (log.topics[0] == GuildMemberSet.selector) {
            (uint8 status, uint16 shareBps, uint64 expiresAt) = abi.decode(log.data, (uint8, uint16, uint64));
            _foldMember(id, uint256(log.topics[2]), status, shareBps, expiresAt);
        }
    }

    function _foldMember(uint256 id, uint256 agentId, uint8 status, uint16 shareBps, uint64 expiresAt) private {
        if (status > MEMBER) return _takeOut(id, agentId, status);
        Membership storage membership = _memberships[id][agentId];
        if (status == MEMBER && membership.status != MEMBER) {
            _members[id].push(agentId);
            membership.position = uint8(_members[id].length);
            membership.shareBps = 0;
        }
        if (status == MEMBER) {
            _guilds[id].assignedBps = _guilds[id].assignedBps - membership.shareBps + shareBps;
            membership.from = _receipts[id].latest();
        } else {
            membership.from = 0;
        }
        membership.status = status;
        membership.shareBps = shareBps;
        membership.expiresAt = expiresAt;
    }

    function _foldMoved(Vm.Log calldata log) private {
        (uint256 amount, uint8 reason) = abi.decode(log.data, (uint256, uint8));
        if (reason == Reasons.GUILD_RECEIPT) {
            Checkpoints.Trace208 storage receipts = _receipts[Accounts.idOf(log.topics[2])];
            receipts.push(uint48(block.timestamp), uint208(receipts.latest() + amount));
        } else if (reason == Reasons.GUILD_SHARE && log.topics[3] != 0) {
            uint256 id = Accounts.idOf(log.topics[1]);
            Membership storage membership = _memberships[id][uint256(log.topics[3])];
            (, membership.from) = _owed(id, membership);
        }
    }
}

contract GuildsFoldTest is Walk {
    address[4] private owners = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];

    function setUp() public override {
        super.setUp();
        follow(wiring.guilds, address(new GuildsReplica(wiring, genesis())));
        for (uint256 i; i < 4; ++i) {
            newAgent(owners[i], 0);
            fund(owners[i], 10_000 * CREDITS);
        }
    }

    function step() internal override {
        if (dice(3) == 0) skip(dice(1 days));
        uint256 action = dice(14);
        uint256 agentId = 1 + dice(4);
        address founder = owners[0];
        uint256 count = guilds.guildCount();
        // Mostly the latest two, so that guilds fill before they end.
        uint256 id = count < 2 ? 1 : count - dice(2);
        if (dice(9) == 0) id = 1 + dice(count + 1);
        if (guilds.guildOf(id).founderId != 0) founder = owners[guilds.guildOf(id).founderId - 1];
        uint64 until = uint64(block.timestamp + dice(4 days));
        uint16 share = uint16(dice(6_000));
        if (action == 0 && guilds.guildCount() < 40 && dice(2) == 0) {
            bytes memory data = abi.encodeCall(IGuilds.form, (agentId, address(0xC0), "charter"));
            attempt(owners[agentId - 1], wiring.guilds, data);
        } else if (action < 3) {
            attempt(founder, wiring.guilds, abi.encodeCall(IGuilds.invite, (id, agentId, share, until)));
        } else if (action < 6) {
            Membership memory offer = guilds.membershipOf(id, agentId);
            bytes memory data = abi.encodeCall(IGuilds.join, (id, agentId, offer.shareBps, offer.expiresAt));
            attempt(owners[agentId - 1], wiring.guilds, data);
        } else if (action == 6) {
            attempt(founder, wiring.guilds, abi.encodeCall(IGuilds.setShare, (id, agentId, share, until)));
        } else if (action == 7) {
            attempt(owners[agentId - 1], wiring.guilds, abi.encodeCall(IGuilds.quit, (id, agentId)));
        } else if (action == 8) {
            attempt(founder, wiring.guilds, abi.encodeCall(IGuilds.remove, (id, agentId)));
        } else if (action < 12) {
            attempt(owners[dice(4)], wiring.guilds, abi.encodeCall(IGuilds.pay, (id, dice(CREDITS))));
        } else if (action == 12) {
            attempt(address(this), wiring.guilds, abi.encodeCall(IGuilds.claim, (id, agentId)));
        } else {
            endGuild(id, founder);
        }
    }

    function endGuild(uint256 id, address founder) private {
        if (dice(2) == 0) {
            attempt(founder, wiring.guilds, abi.encodeCall(IGuilds.dissolve, (id)));
        } else {
            if (guilds.guildOf(id).dissolvedAt != 0) skip(30 days);
            attempt(address(this), wiring.guilds, abi.encodeCall(IGuilds.sweepGuild, (id)));
        }
    }

    function test_The_events_alone_rebuild_every_guild() public {
        walk(3, 800);
        assertReached(IGuilds.form.selector);
        assertReached(IGuilds.invite.selector);
        assertReached(IGuilds.join.selector);
        assertReached(IGuilds.setShare.selector);
        assertReached(IGuilds.quit.selector);
        assertReached(IGuilds.remove.selector);
        assertReached(IGuilds.pay.selector);
        assertReached(IGuilds.claim.selector);
        assertReached(IGuilds.dissolve.selector);
        assertReached(IGuilds.sweepGuild.selector);
    }

    /// forge-config: default.fuzz.runs = 16
    function test_Fuzz_the_events_alone_rebuild_every_guild(uint256 seed) public {
        walk(seed, 100);
    }
}
