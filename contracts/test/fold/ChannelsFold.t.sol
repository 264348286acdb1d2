// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { ChannelConfig, IVouchers, Voucher, VoucherClaim } from "../../src/interfaces/IVouchers.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Channels } from "../../src/payments/Channels.sol";
import { vm, Vm } from "../Vm.sol";
import { IReplica } from "./Fold.sol";
import { Walk } from "./Walk.sol";

contract ChannelsReplica is Channels, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Channels(wiring, genesis) {
        ORIGINAL = wiring.channels;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        uint256 id = uint256(log.topics[1]);
        if (log.topics[0] == ChannelOpened.selector) {
            _count = id;
            _channels[id].payer = address(uint160(uint256(log.topics[2])));
            _channels[id].payee = address(uint160(uint256(log.topics[3])));
            (_channels[id].signer, _channels[id].challengeWindow, _channels[id].expiresAt) =
                abi.decode(log.data, (address, uint32, uint64));
            _channels[id].status = OPEN;
        } else if (log.topics[0] == ChannelRedeemed.selector) {
            (_channels[id].redeemed, _channels[id].nonce) = abi.decode(log.data, (uint256, uint64));
        } else if (log.topics[0] == ChannelClosing.selector) {
            _channels[id].closableAt = abi.decode(log.data, (uint64));
            _channels[id].status = CLOSING;
        } else if (log.topics[0] == ChannelClosed.selector) {
            _channels[id].status = CLOSED;
        } else if (log.topics[0] == ChannelConfigured.selector) {
            _byConfig[log.topics[2]] = id;
        } else if (log.topics[0] == ChannelRefunded.selector) {
            (, uint256 nonce) = abi.decode(log.data, (uint256, uint256));
            _refunds[id] = nonce + 1;
        }
    }
}

contract ChannelsFoldTest is Walk {
    uint256[3] private keys = [uint256(0x11), 0x22, 0x33];
    IVouchers private vouchers;

    function setUp() public override {
        super.setUp();
        vouchers = IVouchers(wiring.channels);
        follow(wiring.channels, address(new ChannelsReplica(wiring, genesis())));
        for (uint256 i; i < 3; ++i) {
            fund(vm.addr(keys[i]), 10_000 * CREDITS);
        }
    }

    function step() internal override {
        if (dice(3) == 0) skip(dice(2 days));
        uint256 action = dice(13);
        address who = vm.addr(keys[dice(3)]);
        uint256 id = 1 + dice(channels.channelCount() + 1);
        if (action < 2) {
            address payee = vm.addr(keys[dice(3)]);
            uint64 expiresAt = uint64(block.timestamp + dice(20 days));
            uint32 window = uint32(1 hours + dice(1 days));
            bytes memory data =
                abi.encodeCall(IChannels.open, (payee, vm.addr(keys[0]), dice(100 * CREDITS), window, expiresAt));
            attempt(who, wiring.channels, data);
        } else if (action == 2) {
            attempt(who, wiring.channels, abi.encodeCall(IChannels.topUp, (id, dice(50 * CREDITS))));
        } else if (action < 6) {
            uint256 cumulative = channels.channelOf(id).redeemed + dice(30 * CREDITS);
            uint64 nonce = channels.channelOf(id).nonce + uint64(dice(3));
            bytes memory signature = sign(keys[0], channels.voucherDigest(id, cumulative, nonce));
            attempt(
                channels.channelOf(id).payee,
                wiring.channels,
                abi.encodeCall(IChannels.redeem, (id, cumulative, nonce, signature))
            );
        } else if (action == 6) {
            attempt(who, wiring.channels, abi.encodeCall(IChannels.startClose, (id)));
        } else if (action == 7) {
            attempt(who, wiring.channels, abi.encodeCall(IChannels.close, (id)));
        } else if (action == 8) {
            closeEarly(id, who);
        } else {
            configuredStep(configOf(dice(4)), action, who);
        }
    }

    /// @dev Four configs between two of the keys; the third key claims and refunds for the receiver.
    function configOf(uint256 number) private view returns (ChannelConfig memory config) {
        (address one, address other) = (vm.addr(keys[number % 2]), vm.addr(keys[1 - number % 2]));
        bytes32 salt = bytes32((uint256(uint160(wiring.channels)) << 96) | (number + channels.channelCount() / 40));
        config = ChannelConfig(one, vm.addr(keys[0]), other, vm.addr(keys[2]), wiring.credit, 15 minutes, salt);
    }

    function configuredStep(ChannelConfig memory config, uint256 action, address who) private {
        bytes32 configId = vouchers.getChannelId(config);
        uint128 amount = uint128(dice(40 * CREDITS));
        (, uint128 claimed) = vouchers.channels(configId);
        bytes memory data;
        if (action == 9) {
            data = abi.encodeCall(IVouchers.deposit, (config, amount));
            who = config.payer;
        } else if (action == 12) {
            uint256 nonce = vouchers.refundNonce(configId);
            bytes memory signature = sign(keys[2], vouchers.getRefundDigest(configId, nonce, amount));
            data = dice(2) == 0
                ? abi.encodeCall(IVouchers.refund, (config, amount))
                : abi.encodeCall(IVouchers.refundWithSignature, (config, amount, nonce, signature));
        } else {
            VoucherClaim[] memory claims = new VoucherClaim[](1);
            uint128 most = claimed + amount;
            bytes memory signature = sign(keys[0], vouchers.getVoucherDigest(configId, most));
            claims[0] = VoucherClaim(Voucher(config, most), signature, claimed + amount / 2);
            data = action == 10
                ? abi.encodeCall(IVouchers.claim, (claims))
                : abi.encodeCall(
                    IVouchers.claimWithSignature, (claims, sign(keys[2], vouchers.getClaimBatchDigest(claims)))
                );
        }
        attempt(who, wiring.channels, data);
    }

    function closeEarly(uint256 id, address who) private {
        if (dice(2) == 0) {
            attempt(who, wiring.channels, abi.encodeCall(IChannels.closeByPayee, (id)));
            return;
        }
        uint256 cumulative = channels.channelOf(id).redeemed + dice(20 * CREDITS);
        uint64 deadline = uint64(block.timestamp + dice(100));
        bytes32 digest = channels.closeDigest(id, cumulative, deadline);
        bytes memory data =
            abi.encodeCall(IChannels.closeTogether, (id, cumulative, deadline, sign(keys[dice(2)], digest)));
        attempt(who, wiring.channels, data);
    }

    function test_The_events_alone_rebuild_every_channel() public {
        walk(1, 600);
        assertReached(IChannels.open.selector);
        assertReached(IChannels.topUp.selector);
        assertReached(IChannels.redeem.selector);
        assertReached(IChannels.startClose.selector);
        assertReached(IChannels.close.selector);
        assertReached(IChannels.closeByPayee.selector);
        assertReached(IChannels.closeTogether.selector);
        assertReached(IVouchers.deposit.selector);
        assertReached(IVouchers.claim.selector);
        assertReached(IVouchers.claimWithSignature.selector);
        assertReached(IVouchers.refund.selector);
        assertReached(IVouchers.refundWithSignature.selector);
    }

    /// forge-config: default.fuzz.runs = 16
    function test_Fuzz_the_events_alone_rebuild_every_channel(uint256 seed) public {
        walk(seed, 60);
    }
}
