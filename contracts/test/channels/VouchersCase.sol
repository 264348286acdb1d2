// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Channel, IChannels } from "../../src/interfaces/IChannels.sol";
import { ChannelConfig, IVouchers, Voucher, VoucherClaim } from "../../src/interfaces/IVouchers.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @notice A contract that signs by accepting whatever its key signed (ERC-1271).
contract Wallet {
    address private immutable KEY;

    constructor(address key) {
        KEY = key;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s, bytes1 v) = (bytes32(signature[:32]), bytes32(signature[32:64]), signature[64]);
        return ecrecover(digest, uint8(v), r, s) == KEY ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @title One channel of an x402 config with 100 credits, and the keys of its parties.
abstract contract VouchersCase is Commons {
    uint256 internal constant PAYER_KEY = 0x9A;
    uint256 internal constant AUTHORIZER_KEY = 0x51;
    uint256 internal constant RECEIVER_KEY = 0x9E;
    uint256 internal constant CLAIMER_KEY = 0xC1;

    IVouchers internal vouchers;
    address internal payer = vm.addr(PAYER_KEY);
    address internal authorizer = vm.addr(AUTHORIZER_KEY);
    address internal receiver = vm.addr(RECEIVER_KEY);
    address internal claimer = vm.addr(CLAIMER_KEY);
    ChannelConfig internal config;
    bytes32 internal configId;
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        vouchers = IVouchers(wiring.channels);
        fund(payer, 1_000 * CREDITS);
        config = ChannelConfig(payer, authorizer, receiver, claimer, wiring.credit, 15 minutes, salt(0));
        configId = vouchers.getChannelId(config);
        id = put(config, 100 * CREDITS);
    }

    function salt(uint96 number) internal view returns (bytes32) {
        return bytes32((uint256(uint160(wiring.channels)) << 96) | number);
    }

    function put(ChannelConfig memory what, uint256 amount) internal returns (uint256) {
        vm.prank(what.payer);
        return vouchers.deposit(what, uint128(amount));
    }

    function claimOf(ChannelConfig memory what, uint256 key, uint256 most, uint256 total)
        internal
        view
        returns (VoucherClaim memory)
    {
        bytes32 digest = vouchers.getVoucherDigest(vouchers.getChannelId(what), uint128(most));
        return VoucherClaim(Voucher(what, uint128(most)), sign(key, digest), uint128(total));
    }

    function one(VoucherClaim memory first) internal pure returns (VoucherClaim[] memory claims) {
        claims = new VoucherClaim[](1);
        claims[0] = first;
    }

    function claim(uint256 most, uint256 total) internal {
        VoucherClaim[] memory claims = one(claimOf(config, AUTHORIZER_KEY, most, total));
        vm.prank(receiver);
        vouchers.claim(claims);
    }

    function held() internal view returns (uint256) {
        return balance(Accounts.channel(id));
    }

    function found() internal view returns (Channel memory) {
        return channels.channelOf(id);
    }
}
