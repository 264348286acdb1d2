// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel, IChannels } from "../../src/interfaces/IChannels.sol";
import { IGuilds, Membership } from "../../src/interfaces/IGuilds.sol";
import { Bounty, BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Pledge } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";
import { Watch } from "./Watch.sol";

/// @title What four parties do with channels, guilds and bounties in any order; refusals are part of it.
/// @notice Watch judges its events; it counts the states that it has reached.
contract CommonsHandler is Commons, Watch {
    uint256[4] public keys = [uint256(0x11), 0x22, 0x33, 0x44];
    mapping(uint256 channelId => uint256) public cumulativeOf;
    mapping(bytes32 state => uint256) public reached;
    bool public channelWentBack;

    function setUp() public override(Commons, Economy) { }

    function prepare() external {
        vm.recordLogs();
        Commons.setUp();
        for (uint256 i; i < 4; ++i) {
            newAgent(vm.addr(keys[i]), 2_000 * CREDITS);
            fund(vm.addr(keys[i]), 5_000 * CREDITS);
        }
        install();
        watch();
    }

    function places() external view returns (address vaultAt, address creditAt, address channelsAt) {
        return (wiring.vault, wiring.credit, wiring.channels);
    }

    function openChannel(uint8 from, uint8 to, uint96 amount, uint32 window, uint32 life) external {
        uint64 expiresAt = uint64(block.timestamp) + 1 + life % 9 days;
        address payee = _who(to);
        uint32 challengeWindow = uint32(bound(window, 1 hours, 2 days));
        _try(
            _who(from),
            wiring.channels,
            abi.encodeCall(
                IChannels.open, (payee, _who(from), bound(amount, 1, 100 * CREDITS), challengeWindow, expiresAt)
            ),
            "channel open"
        );
    }

    function redeem(uint256 pick, uint96 more, uint64 nonceStep) external {
        uint256 id = 1 + pick % (channels.channelCount() + 1);
        Channel memory channel = channels.channelOf(id);
        uint256 cumulative = channel.redeemed + more % (60 * CREDITS);
        uint64 nonce = channel.nonce + nonceStep % 3;
        bytes memory signature = sign(_keyOf(channel.signer), channels.voucherDigest(id, cumulative, nonce));
        bytes memory data = abi.encodeCall(IChannels.redeem, (id, cumulative, nonce, signature));
        if (!_try(channel.payee, wiring.channels, data, "channel redeemed")) return;
        uint256 now_ = channels.channelOf(id).redeemed;
        if (now_ <= cumulativeOf[id]) channelWentBack = true;
        cumulativeOf[id] = now_;
    }

    function topUp(uint256 pick, uint96 amount) external {
        uint256 id = 1 + pick % (channels.channelCount() + 1);
        address payer = channels.channelOf(id).payer;
        _try(payer, wiring.channels, abi.encodeCall(IChannels.topUp, (id, amount % CREDITS)), "channel topped up");
    }

    function startClose(uint256 pick, bool byPayer) external {
        uint256 id = 1 + pick % (channels.channelCount() + 1);
        address who = byPayer ? channels.channelOf(id).payer : address(this);
        _try(who, wiring.channels, abi.encodeCall(IChannels.startClose, (id)), "channel closing");
    }

    function close(uint256 pick, bool byPayee) external {
        uint256 id = 1 + pick % (channels.channelCount() + 1);
        bytes memory data =
            byPayee ? abi.encodeCall(IChannels.closeByPayee, (id)) : abi.encodeCall(IChannels.close, (id));
        _try(channels.channelOf(id).payee, wiring.channels, data, "channel closed");
    }

    function guild(uint8 act, uint8 who, uint8 agent, uint16 share, uint96 amount) external {
        uint256 agentId = 1 + agent % 4;
        uint64 until = uint64(block.timestamp) + 1 + uint64(share) * 20;
        uint256 id = 1;
        if (guilds.guildCount() == 0 || act % 32 == 0) {
            _try(_who(0), wiring.guilds, abi.encodeCall(IGuilds.form, (1, address(0xC0), "charter")), "guild formed");
        }
        id = guilds.guildCount();
        bytes memory data;
        bytes32 state;
        address caller = _who(0);
        if (act % 8 < 2) {
            (data, state) = (abi.encodeCall(IGuilds.invite, (id, agentId, share % 6_000, until)), "invited");
        } else if (act % 8 < 4) {
            Membership memory offer = guilds.membershipOf(id, agentId);
            data = abi.encodeCall(IGuilds.join, (id, agentId, offer.shareBps, offer.expiresAt));
            (state, caller) = ("joined", _who(agent));
        } else if (act % 8 == 4) {
            (data, state) = (abi.encodeCall(IGuilds.setShare, (id, agentId, share % 6_000, until)), "share set");
        } else if (act % 8 == 5) {
            (data, state) = (abi.encodeCall(IGuilds.claim, (id, agentId)), "share claimed");
        } else if (act % 8 == 6) {
            (data, state, caller) = (abi.encodeCall(IGuilds.pay, (id, amount % CREDITS)), "guild paid", _who(who));
        } else {
            (data, state) = (abi.encodeCall(IGuilds.remove, (id, agentId)), "removed");
        }
        _try(caller, wiring.guilds, data, state);
    }

    function bounty(uint8 act, uint8 who, uint96 pool, uint16 awards, uint256 pick) external {
        uint64 time = uint64(block.timestamp);
        uint256 claimId = bounties.claimCount();
        claimId = claimId < 3 ? 1 + pick % 3 : claimId - pick % 3;
        address caller = _who(who);
        bytes memory data;
        bytes32 state;
        if (act % 8 < 2) {
            BountyTerms memory asked =
                BountyTerms(pool % (100 * CREDITS), awards % 4, time + 1 days, time + 2 days, 600, "c", "u");
            (data, state) = (abi.encodeCall(IBounties.openBounty, (asked)), "bounty opened");
        } else if (act % 8 < 5) {
            (data, state) =
            (abi.encodeCall(IBounties.claim, (bounties.bountyCount(), 1 + who % 4, "work")), "bounty claimed");
        } else if (act % 8 == 5) {
            caller = bounties.bountyOf(bounties.claimOf(claimId).bountyId).sponsor;
            (data, state) = (abi.encodeCall(IBounties.award, (claimId)), "bounty awarded");
        } else if (act % 8 == 6) {
            (data, state) = (abi.encodeCall(IBounties.payClaim, (claimId)), "claim paid");
        } else {
            uint256 id = 1 + pick % (bounties.bountyCount() + 1);
            (data, state) = (abi.encodeCall(IBounties.closeBounty, (id)), "bounty closed");
        }
        _try(caller, wiring.bounties, data, state);
    }

    function withdraw(uint8 who, uint96 amount) external {
        bytes memory data = abi.encodeCall(IVault.withdraw, (amount % CREDITS, address(0xEE)));
        _try(_who(who), wiring.vault, data, "withdrawn");
    }

    function wait_(uint32 time) external {
        skip(time % 6 hours);
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.channels);
        assertDebits(wiring.guilds);
    }

    /// @notice Invariant 7.
    function assertChannels() external view {
        vm.assertFalse(channelWentBack);
        for (uint256 id = 1; id <= channels.channelCount(); ++id) {
            Channel memory channel = channels.channelOf(id);
            vm.assertLe(channel.redeemed, channels.depositsOf(id));
            vm.assertEq(channel.redeemed, cumulativeOf[id]);
            if (channel.status == 3) vm.assertEq(balance(Accounts.channel(id)), 0);
        }
    }

    /// @notice A guild covers what it owes, a bounty what it may still award, an undecided claim has its bond.
    function assertCovered() external view {
        for (uint256 id = 1; id <= guilds.guildCount(); ++id) {
            uint256[] memory members = guilds.membersOf(id);
            uint256 owed;
            uint256 bps;
            for (uint256 i; i < members.length; ++i) {
                owed += guilds.owedTo(id, members[i]);
                bps += guilds.membershipOf(id, members[i]).shareBps;
            }
            vm.assertLe(owed, balance(Accounts.guild(id)));
            vm.assertEq(bps, guilds.guildOf(id).assignedBps);
            vm.assertLe(bps, 10_000);
        }
        for (uint256 id = 1; id <= bounties.bountyCount(); ++id) {
            Bounty memory found = bounties.bountyOf(id);
            uint256 left = uint256(found.maxAwards - found.awarded) * found.award;
            if (!found.closed) vm.assertGe(balance(Accounts.bounty(id)), left);
            else vm.assertEq(balance(Accounts.bounty(id)), 0);
        }
        for (uint256 id = 1; id <= bounties.claimCount(); ++id) {
            uint256 award = bounties.bountyOf(bounties.claimOf(id).bountyId).award;
            uint256 expected = bounties.claimOf(id).status == 1 ? bounties.claimBond(award) : 0;
            vm.assertEq(balance(Accounts.atRisk(Pledge.BOUNTY_CLAIM, id)), expected);
        }
    }

    function _who(uint8 index) private view returns (address) {
        return vm.addr(keys[index % 4]);
    }

    function _keyOf(address signer) private view returns (uint256) {
        for (uint256 i; i < 4; ++i) {
            if (vm.addr(keys[i]) == signer) return keys[i];
        }
        return keys[0];
    }

    function _try(address who, address target, bytes memory data, bytes32 state) private returns (bool done) {
        vm.prank(who);
        (done,) = target.call(data);
        if (done) {
            ++reached[state];
            watch();
        } else {
            overlook();
        }
    }
}

contract CommonsInvariants {
    bool public constant IS_TEST = true;
    CommonsHandler private handler;

    function setUp() public {
        handler = new CommonsHandler();
        handler.prepare();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (Selectors[] memory chosen) {
        chosen = new Selectors[](1);
        bytes4[] memory all = new bytes4[](9);
        all[0] = CommonsHandler.openChannel.selector;
        all[1] = CommonsHandler.redeem.selector;
        all[2] = CommonsHandler.topUp.selector;
        all[3] = CommonsHandler.startClose.selector;
        all[4] = CommonsHandler.close.selector;
        all[5] = CommonsHandler.guild.selector;
        all[6] = CommonsHandler.bounty.selector;
        all[7] = CommonsHandler.withdraw.selector;
        all[8] = CommonsHandler.wait_.selector;
        chosen[0] = Selectors(address(handler), all);
    }

    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    /// @notice Invariants 1, 2 and 7 over these contracts.
    /// @dev One walk for all: a walk of its own for each invariant would be the same walk again.
    function invariant_Accounts_agree_and_channels_guilds_and_bounties_cover_what_they_owe() public view {
        handler.assertConserved();
        handler.assertBonded();
        handler.assertChannels();
        handler.assertCovered();
    }

    /// @notice The handler reaches every state; by a walk of its own, for a single run of the fuzzer need not.
    function test_The_handler_reaches_every_state() public {
        uint256 random = 7;
        for (uint256 i; i < 2_500; ++i) {
            random = uint256(keccak256(abi.encode(random)));
            _act(random);
        }
        bytes32[17] memory states = [
            bytes32("channel open"),
            "channel redeemed",
            "channel topped up",
            "channel closing",
            "channel closed",
            "guild formed",
            "invited",
            "joined",
            "share set",
            "share claimed",
            "guild paid",
            "removed",
            "bounty opened",
            "bounty claimed",
            "bounty awarded",
            "claim paid",
            "bounty closed"
        ];
        for (uint256 i; i < states.length; ++i) {
            vm.assertGt(handler.reached(states[i]), 0, vm.toString(states[i]));
        }
        handler.assertConserved();
        handler.assertChannels();
        handler.assertCovered();
        handler.assertLeastPrivilege();
    }

    function _act(uint256 r) private {
        uint256 action = r % 9;
        if (action == 0) {
            handler.openChannel(uint8(r >> 8), uint8(r >> 16), uint96(r >> 24), uint32(r >> 120), uint32(r >> 152));
        } else if (action == 1) {
            handler.redeem(r >> 8, uint96(r >> 16), uint64(r >> 112));
        } else if (action == 2) {
            handler.topUp(r >> 8, uint96(r >> 16));
        } else if (action == 3) {
            handler.startClose(r >> 8, (r >> 16) & 1 == 1);
        } else if (action == 4) {
            handler.close(r >> 8, (r >> 16) & 7 == 1);
        } else if (action == 5) {
            handler.guild(uint8(r >> 8), uint8(r >> 16), uint8(r >> 24), uint16(r >> 32), uint96(r >> 48));
        } else if (action == 6) {
            handler.bounty(uint8(r >> 8), uint8(r >> 16), uint96(r >> 24), uint16(r >> 120), r >> 136);
        } else if (action == 7) {
            handler.withdraw(uint8(r >> 8), uint96(r >> 16));
        } else {
            handler.wait_(uint32(r >> 8));
        }
    }
}
