// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IAuthorizations } from "../../src/interfaces/IAuthorizations.sol";
import { vm } from "../Vm.sol";
import { AuthorizationsCase } from "./AuthorizationsCase.sol";

contract CreditReceiveWithAuthorizationTest is AuthorizationsCase {
    function test_The_recipient_collects_in_both_forms() public {
        (uint8 v, bytes32 r, bytes32 s) = parts(signed(RECEIVE, holder, shop, 7, NONCE));
        vm.expectEmit(wiring.credit);
        emit IAuthorizations.AuthorizationUsed(holder, NONCE);
        vm.expectEmit(wiring.credit);
        emit IERC20.Transfer(holder, shop, 7);
        vm.prank(shop);
        credit.receiveWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, v, r, s);
        bytes memory signature = signed(RECEIVE, holder, shop, 8, "second");
        vm.prank(shop);
        credit.receiveWithAuthorization(holder, shop, 8, validAfter, validBefore, "second", signature);
        vm.assertEq(credit.balanceOf(shop), 15);
        vm.assertTrue(credit.authorizationState(holder, NONCE));
    }

    function test_Nobody_else_carries_it_out_before_the_recipient_does() public {
        bytes memory signature = signed(RECEIVE, holder, shop, 7, NONCE);
        bytes memory refused = abi.encodeWithSelector(IAuthorizations.OnlyRecipient.selector, shop, address(this));
        vm.expectRevert(refused);
        credit.receiveWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
        (uint8 v, bytes32 r, bytes32 s) = parts(signature);
        vm.expectRevert(refused);
        credit.receiveWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, v, r, s);
    }

    function test_A_transfer_is_no_receipt() public {
        bytes memory signature = signed(TRANSFER, holder, shop, 7, NONCE);
        vm.expectPartialRevert(IAuthorizations.SignerMismatch.selector);
        vm.prank(shop);
        credit.receiveWithAuthorization(holder, shop, 7, validAfter, validBefore, NONCE, signature);
    }
}
