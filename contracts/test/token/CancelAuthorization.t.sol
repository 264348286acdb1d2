// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAuthorizations } from "../../src/interfaces/IAuthorizations.sol";
import { vm } from "../Vm.sol";
import { AuthorizationsCase } from "./AuthorizationsCase.sol";

contract CreditCancelAuthorizationTest is AuthorizationsCase {
    function cancelling(bytes32 nonce) private view returns (bytes memory) {
        return sign(KEY, digestOf(abi.encode(CANCEL, holder, nonce)));
    }

    function test_A_canceled_authorization_pays_nothing() public {
        bytes memory payment = signed(TRANSFER, holder, shop, 7, NONCE);
        (uint8 v, bytes32 r, bytes32 s) = parts(cancelling(NONCE));
        vm.expectEmit(wiring.credit);
        emit IAuthorizations.AuthorizationCanceled(holder, NONCE);
        credit.cancelAuthorization(holder, NONCE, v, r, s);
        vm.assertTrue(credit.authorizationState(holder, NONCE));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.AuthorizationUsedOrCanceled.selector, holder, NONCE));
        credit.transferWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, payment);
    }

    function test_The_form_with_bytes_does_the_same_once() public {
        bytes memory signature = cancelling(NONCE);
        credit.cancelAuthorization(holder, NONCE, signature);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.AuthorizationUsedOrCanceled.selector, holder, NONCE));
        credit.cancelAuthorization(holder, NONCE, signature);
    }

    function test_What_was_used_cannot_be_canceled() public {
        pay(7, NONCE);
        bytes memory signature = cancelling(NONCE);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.AuthorizationUsedOrCanceled.selector, holder, NONCE));
        credit.cancelAuthorization(holder, NONCE, signature);
    }

    function test_Only_the_author_cancels() public {
        bytes memory signature = sign(6, digestOf(abi.encode(CANCEL, holder, NONCE)));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignerMismatch.selector, holder, vm.addr(6)));
        credit.cancelAuthorization(holder, NONCE, signature);
    }
}
