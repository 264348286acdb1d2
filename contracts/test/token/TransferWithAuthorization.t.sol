// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { IAuthorizations } from "../../src/interfaces/IAuthorizations.sol";
import { Wallet } from "../channels/VouchersCase.sol";
import { vm } from "../Vm.sol";
import { AuthorizationsCase } from "./AuthorizationsCase.sol";

contract CreditTransferWithAuthorizationTest is AuthorizationsCase {
    function test_A_signature_moves_the_value_and_spends_its_nonce() public {
        (uint8 v, bytes32 r, bytes32 s) = parts(signed(TRANSFER, holder, shop, 7, NONCE));
        vm.assertFalse(credit.authorizationState(holder, NONCE));
        vm.expectEmit(wiring.credit);
        emit IAuthorizations.AuthorizationUsed(holder, NONCE);
        vm.expectEmit(wiring.credit);
        emit IERC20.Transfer(holder, shop, 7);
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, v, r, s);
        vm.assertEq(credit.balanceOf(shop), 7);
        vm.assertEq(credit.balanceOf(holder), 993);
        vm.assertTrue(credit.authorizationState(holder, NONCE));
        vm.assertFalse(credit.authorizationState(shop, NONCE));
    }

    function test_The_form_with_bytes_does_the_same() public {
        vm.expectEmit(wiring.credit);
        emit IAuthorizations.AuthorizationUsed(holder, NONCE);
        pay(7, NONCE);
        vm.assertEq(credit.balanceOf(shop), 7);
    }

    function test_Nonces_need_no_order() public {
        pay(1, "third");
        pay(2, "first");
        vm.assertEq(credit.balanceOf(shop), 3);
        vm.assertEq(credit.nonces(holder), 0);
    }

    function test_A_nonce_is_spent_once_in_either_form() public {
        bytes memory signature = signed(TRANSFER, holder, shop, 7, NONCE);
        pay(7, NONCE);
        bytes memory spent = abi.encodeWithSelector(IAuthorizations.AuthorizationUsedOrCanceled.selector, holder, NONCE);
        vm.expectRevert(spent);
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
        (uint8 v, bytes32 r, bytes32 s) = parts(signature);
        vm.expectRevert(spent);
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, v, r, s);
    }

    function test_It_is_valid_after_and_before_and_not_at_its_ends() public {
        bytes memory signature = signed(TRANSFER, holder, shop, 7, NONCE);
        vm.warp(validAfter);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.AuthorizationNotYetValid.selector, validAfter, validAfter)
        );
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
        vm.warp(validBefore);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.AuthorizationExpired.selector, validBefore, validBefore));
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
        vm.warp(validBefore - 1);
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
        vm.assertEq(credit.balanceOf(shop), 7);
    }

    function test_Another_value_another_recipient_and_another_signer_are_refused() public {
        bytes memory signature = signed(TRANSFER, holder, shop, 7, NONCE);
        vm.expectPartialRevert(IAuthorizations.SignerMismatch.selector);
        credit.transferWithAuthorization(holder, shop, 8, validAfter, validBefore, NONCE, signature);
        vm.expectPartialRevert(IAuthorizations.SignerMismatch.selector);
        credit.transferWithAuthorization(holder, address(this), 7, validAfter, validBefore, NONCE, signature);
        signature = signed(TRANSFER, supplyHolder, shop, 7, NONCE);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignerMismatch.selector, supplyHolder, holder));
        credit.transferWithAuthorization(supplyHolder, shop, 7, validAfter, validBefore, NONCE, signature);
        vm.assertFalse(credit.authorizationState(supplyHolder, NONCE));
    }

    function test_A_receipt_is_no_transfer() public {
        bytes memory signature = signed(RECEIVE, holder, shop, 7, NONCE);
        vm.expectPartialRevert(IAuthorizations.SignerMismatch.selector);
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
    }

    function test_The_other_form_of_a_signature_is_refused() public {
        (uint8 v, bytes32 r, bytes32 s) = parts(signed(TRANSFER, holder, shop, 7, NONCE));
        bytes32 high = bytes32(ORDER - uint256(s));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.InvalidSignatureS.selector, high));
        credit.transferWithAuthorization(
            holder, shop, 7, validAfter, validBefore, NONCE, v == 27 ? uint8(28) : uint8(27), r, high
        );
    }

    function test_Nonsense_recovers_nobody_and_nobody_signs_for_the_zero_address() public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignerMismatch.selector, holder, address(0)));
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, "short");
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignerMismatch.selector, address(0), address(0)));
        credit.transferWithAuthorization(address(0), shop, 0, validAfter, validBefore, NONCE, new bytes(65));
    }

    function test_More_than_the_holder_has_spends_no_nonce() public {
        bytes memory signature = signed(TRANSFER, holder, shop, 1_001, NONCE);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, holder, 1_000, 1_001)
        );
        credit.transferWithAuthorization(holder, shop, 1_001, validAfter, validBefore, NONCE, signature);
        vm.assertFalse(credit.authorizationState(holder, NONCE));
    }

    function test_A_contract_signs_by_its_own_rule() public {
        address wallet = address(new Wallet(holder));
        vm.prank(supplyHolder);
        credit.transfer(wallet, 9);
        bytes memory signature = signed(TRANSFER, wallet, shop, 9, NONCE);
        credit.transferWithAuthorization(wallet, shop, 9, validAfter, validBefore, NONCE, signature);
        vm.assertEq(credit.balanceOf(shop), 9);
        bytes memory other = sign(6, digestOf(abi.encode(TRANSFER, wallet, shop, 0, validAfter, validBefore, "x")));
        vm.expectPartialRevert(IAuthorizations.SignerMismatch.selector);
        credit.transferWithAuthorization(wallet, shop, 0, validAfter, validBefore, "x", other);
    }

    function test_An_account_with_code_still_signs_with_its_key() public {
        bytes memory signature = signed(TRANSFER, holder, shop, 7, NONCE);
        vm.etch(holder, hex"00");
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
        vm.assertEq(credit.balanceOf(shop), 7);
    }

    function test_The_domain_has_name_and_version_and_the_permit_s_nonces_stay_their_own() public {
        vm.assertEq(credit.version(), "1");
        vm.assertEq(credit.name(), "EventSourced Credit");
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignerMismatch.selector, holder, address(0)));
        credit.cancelAuthorization(holder, 0, "");
    }
}
