// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel, IChannels } from "../../src/interfaces/IChannels.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { CommonsChecks } from "./CommonsChecks.sol";

/// @title The operations of a channel: what may be done to it now, and doing it.
abstract contract ChannelOps is CommonsChecks {
    function isOpen(uint256 id) internal view returns (bool) {
        return channels.channelOf(id).status == 1;
    }

    function isExpired(uint256 id) internal view returns (bool) {
        return isOpen(id) && block.timestamp >= channels.channelOf(id).expiresAt;
    }

    function isUnexpired(uint256 id) internal view returns (bool) {
        return isOpen(id) && block.timestamp < channels.channelOf(id).expiresAt;
    }

    function isClosing(uint256 id) internal view returns (bool) {
        return channels.channelOf(id).status == 2;
    }

    function isContested(uint256 id) internal view returns (bool) {
        return isClosing(id) && block.timestamp < channels.channelOf(id).closableAt;
    }

    function isUnclosed(uint256 id) internal view returns (bool) {
        return channels.channelOf(id).status < 3;
    }

    function hasMoney(uint256 id) internal view returns (bool) {
        return isUnclosed(id) && balance(Accounts.channel(id)) != 0;
    }

    function wasRedeemed(uint256 id) internal view returns (bool) {
        return isUnclosed(id) && channels.channelOf(id).nonce != 0;
    }

    function keyOf(address signer) internal view returns (uint256) {
        for (uint256 i; i < PARTIES; ++i) {
            if (parties[i] == signer) return keys[i];
        }
        revert("nobody's key");
    }

    function voucher(uint256 key, uint256 id, uint256 cumulative, uint64 nonce) internal view returns (bytes memory) {
        return sign(key, channels.voucherDigest(id, cumulative, nonce));
    }

    function channelOps(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return openChannel(pick, value);
        if (op == 1) return topUp(pick, value);
        if (op == 2) return redeem(pick, value);
        if (op < 6) return redeemWrongly(op, pick, value);
        if (op < 9) return startClose(op, pick);
        return close(op, pick, value);
    }

    function openChannel(uint256 pick, uint256 value) private returns (bool) {
        address payer = parties[pick % PARTIES];
        uint256 amount = some(payer, value >> 16, 100 * CREDITS);
        if (amount == 0) return false;
        address payee = parties[addmod(pick, 1 + value % 3, PARTIES)];
        address signer = parties[(value >> 8) % PARTIES];
        uint32 window = uint32(bound(value >> 32, 1 hours, 2 days));
        uint64 expiresAt = uint64(block.timestamp + bound(value >> 64, 1, 9 days));
        vm.prank(payer);
        channels.open(payee, signer, amount, window, expiresAt);
        return true;
    }

    function topUp(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(isOpen, channels.channelCount(), pick);
        if (id == 0) return false;
        address payer = channels.channelOf(id).payer;
        uint256 amount = some(payer, value, CREDITS);
        if (amount == 0) return false;
        vm.prank(payer);
        channels.topUp(id, amount);
        return true;
    }

    function redeem(uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(hasMoney, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        uint256 cumulative = channel.redeemed + bound(value >> 8, 1, balance(Accounts.channel(id)));
        uint64 nonce = channel.nonce + uint64(1 + value % 3);
        bytes memory signature = voucher(keyOf(channel.signer), id, cumulative, nonce);
        vm.prank(channel.payee);
        channels.redeem(id, cumulative, nonce, signature);
        cumulativeOf[id] = cumulative;
        return true;
    }

    function redeemWrongly(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 3 ? wasRedeemed : hasMoney, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        uint256 key = keyOf(channel.signer);
        uint256 deposits = channels.depositsOf(id);
        uint256 cumulative = channel.redeemed + 1;
        uint64 nonce = channel.nonce + 1;
        bytes memory refusal;
        if (op == 3) {
            nonce = uint64(value % nonce);
            refusal = abi.encodeWithSelector(IChannels.StaleNonce.selector, id, nonce, channel.nonce);
        } else if (op == 4) {
            cumulative = deposits + bound(value, 1, CREDITS);
            refusal = abi.encodeWithSelector(IChannels.ExceedsDeposits.selector, id, cumulative, deposits);
        } else {
            address found = parties[value % PARTIES];
            if (found == channel.signer) found = parties[addmod(value, 1, PARTIES)];
            key = keyOf(found);
            refusal = abi.encodeWithSelector(IChannels.WrongSigner.selector, id, channel.signer, found);
        }
        bytes memory signature = voucher(key, id, cumulative, nonce);
        vm.prank(channel.payee);
        vm.expectRevert(refusal);
        channels.redeem(id, cumulative, nonce, signature);
        return true;
    }

    function startClose(uint256 op, uint256 pick) private returns (bool) {
        uint256 id = find(op == 6 ? isOpen : op == 7 ? isExpired : isUnexpired, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        vm.prank(op == 6 ? channel.payer : address(0xB0B));
        if (op == 8) {
            vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, channel.expiresAt, block.timestamp));
        }
        channels.startClose(id);
        return true;
    }

    function close(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 id = find(op == 9 ? isClosing : op == 10 ? isContested : isUnclosed, channels.channelCount(), pick);
        if (id == 0) return false;
        Channel memory channel = channels.channelOf(id);
        if (op == 9) {
            // Most closings are not waited for.
            if (block.timestamp < channel.closableAt && value % 4 != 0) return false;
            later(channel.closableAt);
            channels.close(id);
        } else if (op == 10) {
            vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, channel.closableAt, block.timestamp));
            channels.close(id);
        } else if (op == 11) {
            // A payee who closed at every chance would let no channel live.
            if (value % 4 != 0) return false;
            vm.prank(channel.payee);
            channels.closeByPayee(id);
        } else {
            if (value % 4 != 0) return false;
            uint256 cumulative = channel.redeemed + bound(value >> 8, 0, balance(Accounts.channel(id)));
            uint64 deadline = uint64(block.timestamp + bound(value >> 64, 1, 1 days));
            bytes memory signature = sign(keyOf(channel.signer), channels.closeDigest(id, cumulative, deadline));
            vm.prank(channel.payee);
            channels.closeTogether(id, cumulative, deadline, signature);
            cumulativeOf[id] = cumulative;
        }
        return true;
    }
}
