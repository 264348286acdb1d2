// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ChannelConfig, IVouchers } from "../../src/interfaces/IVouchers.sol";
import { VouchersCase } from "../channels/VouchersCase.sol";
import { vm } from "../Vm.sol";

/// @notice Row 47: x402 signs vouchers for one address on every chain, so a voucher says nothing of the contract that pays it. A
///         config that two contracts took would be paid by both.
contract AVoucherOfX402LivesInOneContractTest is VouchersCase {
    function test_A_voucher_of_x402_lives_in_one_contract() public {
        address next = address(0x5EC0);
        vm.etch(next, wiring.channels.code);
        // The same config, at another deployment of the same code: its salt names the first one.
        bytes memory refused = abi.encodeWithSelector(IVouchers.ForeignSalt.selector, config.salt, next);
        vm.expectRevert(refused);
        vm.prank(payer);
        IVouchers(next).deposit(config, 1);
        // And a config of the canonical contract, whose clients' salt is 0 unless they choose one, is none of ours.
        ChannelConfig memory canonical = config;
        canonical.salt = 0;
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ForeignSalt.selector, bytes32(0), wiring.channels));
        vm.prank(payer);
        vouchers.deposit(canonical, 1);
    }

    function test_A_voucher_of_x402_lives_on_one_chain() public {
        bytes32 here = vouchers.getVoucherDigest(configId, 5);
        vm.chainId(1);
        vm.assertFalse(vouchers.getVoucherDigest(configId, 5) == here);
        vm.assertFalse(vouchers.getChannelId(config) == configId);
    }
}
