// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { ChannelConfig, IVouchers, VoucherClaim } from "../../src/interfaces/IVouchers.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { VouchersCase, Wallet } from "./VouchersCase.sol";

/// @notice `claim` and `claimWithSignature`.
contract ChannelsClaimTest is VouchersCase {
    function test_A_claim_pays_the_difference_up_to_the_voucher() public {
        claim(30 * CREDITS, 10 * CREDITS);
        vm.assertEq(creditOf(receiver), 10 * CREDITS);
        VoucherClaim[] memory claims = one(claimOf(config, AUTHORIZER_KEY, 30 * CREDITS, 25 * CREDITS));
        vm.expectEmit(wiring.channels);
        emit IChannels.ChannelRedeemed(id, 25 * CREDITS, 0);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.channel(id), Accounts.credit(receiver), bytes32(id), 15 * CREDITS, Reasons.CHANNEL_PAY);
        vm.prank(claimer);
        vouchers.claim(claims);
        (uint128 total, uint128 claimed) = vouchers.channels(configId);
        vm.assertEq(uint256(total), 100 * CREDITS);
        vm.assertEq(uint256(claimed), 25 * CREDITS);
        vm.assertEq(held(), 75 * CREDITS);
    }

    function test_Both_forms_of_a_voucher_count_against_one_sum() public {
        claim(40 * CREDITS, 40 * CREDITS);
        bytes memory signature = sign(AUTHORIZER_KEY, channels.voucherDigest(id, 50 * CREDITS, 1));
        vm.prank(receiver);
        channels.redeem(id, 50 * CREDITS, 1, signature);
        vm.assertEq(creditOf(receiver), 50 * CREDITS);
        claimRefused(45 * CREDITS, abi.encodeWithSelector(IChannels.NotIncreasing.selector, id, 45 * CREDITS, 50 * CREDITS));
        claim(60 * CREDITS, 60 * CREDITS);
        vm.assertEq(creditOf(receiver), 60 * CREDITS);
        vm.assertEq(uint256(found().nonce), 1);
    }

    function claimRefused(uint256 total, bytes memory why) private {
        refused(claimOf(config, AUTHORIZER_KEY, total, total), why);
    }

    function refused(VoucherClaim memory asked, bytes memory why) private {
        VoucherClaim[] memory claims = one(asked);
        vm.expectRevert(why);
        vm.prank(receiver);
        vouchers.claim(claims);
    }

    function test_Claims_that_are_refused() public {
        VoucherClaim memory asked = claimOf(config, AUTHORIZER_KEY, 5, 6);
        refused(asked, abi.encodeWithSelector(IVouchers.AboveVoucher.selector, configId, 6, 5));
        uint256 all = 100 * CREDITS;
        claimRefused(all + 1, abi.encodeWithSelector(IChannels.ExceedsDeposits.selector, id, all + 1, all));
        asked = claimOf(config, PAYER_KEY, 5, 5);
        refused(asked, abi.encodeWithSelector(IChannels.WrongSigner.selector, id, authorizer, payer));
        claim(5, 5);
        claimRefused(5, abi.encodeWithSelector(IChannels.NotIncreasing.selector, id, 5, 5));
        ChannelConfig memory other = config;
        other.salt = salt(2);
        bytes32 otherId = vouchers.getChannelId(other);
        refused(claimOf(other, AUTHORIZER_KEY, 5, 5), abi.encodeWithSelector(IVouchers.UnknownConfig.selector, otherId));
    }

    function test_A_signature_over_less_does_not_claim_more() public {
        VoucherClaim memory asked = claimOf(config, AUTHORIZER_KEY, 5, 5);
        asked.voucher.maxClaimableAmount = 50;
        VoucherClaim[] memory claims = one(asked);
        vm.expectPartialRevert(IChannels.WrongSigner.selector);
        vm.prank(receiver);
        vouchers.claim(claims);
    }

    function test_Only_the_receivers_side_claims() public {
        VoucherClaim[] memory claims = one(claimOf(config, AUTHORIZER_KEY, 5, 5));
        vm.expectRevert(abi.encodeWithSelector(IVouchers.NotTheReceiver.selector, configId, payer));
        vm.prank(payer);
        vouchers.claim(claims);
    }

    function test_None_and_more_than_64_are_no_batch() public {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ClaimsOutOfBounds.selector, 0, 64));
        vouchers.claim(new VoucherClaim[](0));
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ClaimsOutOfBounds.selector, 65, 64));
        vouchers.claim(new VoucherClaim[](65));
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ClaimsOutOfBounds.selector, 0, 64));
        vouchers.claimWithSignature(new VoucherClaim[](0), "");
    }

    function test_A_contract_that_pays_signs_by_its_own_rule() public {
        address wallet = address(new Wallet(payer));
        fund(wallet, 50 * CREDITS);
        ChannelConfig memory its = config;
        (its.payer, its.payerAuthorizer) = (wallet, address(0));
        uint256 itsChannel = put(its, 50 * CREDITS);
        VoucherClaim[] memory claims = one(claimOf(its, PAYER_KEY, 9, 9));
        vm.prank(receiver);
        vouchers.claim(claims);
        vm.assertEq(creditOf(receiver), 9);
        claims = one(claimOf(its, RECEIVER_KEY, 10, 10));
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, itsChannel, wallet, receiver));
        vm.prank(receiver);
        vouchers.claim(claims);
    }

    function twoClaims() private returns (VoucherClaim[] memory claims) {
        ChannelConfig memory other = config;
        other.salt = salt(3);
        put(other, 10 * CREDITS);
        claims = new VoucherClaim[](2);
        claims[0] = claimOf(config, AUTHORIZER_KEY, 8 * CREDITS, 6 * CREDITS);
        claims[1] = claimOf(other, AUTHORIZER_KEY, 3 * CREDITS, 3 * CREDITS);
    }

    function test_Anyone_brings_a_batch_with_its_authorizers_signature() public {
        VoucherClaim[] memory claims = twoClaims();
        bytes memory signature = sign(CLAIMER_KEY, vouchers.getClaimBatchDigest(claims));
        vouchers.claimWithSignature(claims, signature);
        vm.assertEq(creditOf(receiver), 9 * CREDITS);
        vm.expectRevert(abi.encodeWithSelector(IChannels.NotIncreasing.selector, id, 6 * CREDITS, 6 * CREDITS));
        vouchers.claimWithSignature(claims, signature);
    }

    function test_A_batch_is_paid_whole_or_not_at_all() public {
        VoucherClaim[] memory claims = twoClaims();
        claims[1].totalClaimed = uint128(3 * CREDITS + 1);
        bytes memory signature = sign(CLAIMER_KEY, vouchers.getClaimBatchDigest(claims));
        vm.expectPartialRevert(IVouchers.AboveVoucher.selector);
        vouchers.claimWithSignature(claims, signature);
        vm.assertEq(creditOf(receiver), 0);
    }

    function test_A_batch_is_signed_as_it_is_brought() public {
        VoucherClaim[] memory claims = twoClaims();
        bytes memory signature = sign(CLAIMER_KEY, vouchers.getClaimBatchDigest(claims));
        claims[0].totalClaimed += 1;
        vm.expectPartialRevert(IChannels.WrongSigner.selector);
        vouchers.claimWithSignature(claims, signature);
        signature = sign(RECEIVER_KEY, vouchers.getClaimBatchDigest(claims));
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, id, claimer, receiver));
        vouchers.claimWithSignature(claims, signature);
    }

    function test_One_signature_speaks_for_one_authorizer() public {
        ChannelConfig memory other = config;
        other.receiverAuthorizer = address(0);
        put(other, 10 * CREDITS);
        VoucherClaim[] memory claims = new VoucherClaim[](2);
        claims[0] = claimOf(config, AUTHORIZER_KEY, 5, 5);
        claims[1] = claimOf(other, AUTHORIZER_KEY, 5, 5);
        bytes memory signature = sign(CLAIMER_KEY, vouchers.getClaimBatchDigest(claims));
        bytes32 otherId = vouchers.getChannelId(other);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.OtherAuthorizer.selector, otherId, claimer, address(0)));
        vouchers.claimWithSignature(claims, signature);
    }

    function test_Where_nobody_is_the_authorizer_nobody_signs_for_it() public {
        ChannelConfig memory other = config;
        other.receiverAuthorizer = address(0);
        uint256 otherChannel = put(other, 10 * CREDITS);
        VoucherClaim[] memory claims = one(claimOf(other, AUTHORIZER_KEY, 5, 5));
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, otherChannel, address(0), address(0)));
        vouchers.claimWithSignature(claims, new bytes(65));
    }

    function test_Claims_stay_open_under_a_tripped_breaker() public {
        trip(2);
        claim(5, 5);
        vm.assertEq(creditOf(receiver), 5);
    }
}
