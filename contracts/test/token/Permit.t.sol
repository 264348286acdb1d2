// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import { INonces } from "../../src/interfaces/INonces.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract CreditPermitTest is Commons {
    uint256 private constant KEY = 5;
    address private holder = vm.addr(KEY);

    function permit(uint64 deadline) private {
        bytes32 what = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                holder,
                address(7),
                9,
                0,
                deadline
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", credit.DOMAIN_SEPARATOR(), what)));
        credit.permit(holder, address(7), 9, deadline, v, r, s);
    }

    function test_A_permit_tells_its_nonce_and_its_allowance() public {
        vm.expectEmit(wiring.credit);
        emit INonces.NonceUsed(holder, 0);
        vm.expectEmit(wiring.credit);
        emit IERC20.Approval(holder, address(7), 9);
        permit(GENESIS_TIME);
        vm.assertEq(credit.allowance(holder, address(7)), 9);
        vm.assertEq(credit.nonces(holder), 1);
    }

    function test_A_permit_is_used_once_and_in_time() public {
        permit(GENESIS_TIME);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        this.again(GENESIS_TIME);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, GENESIS_TIME - 1));
        this.again(GENESIS_TIME - 1);
    }

    function again(uint64 deadline) external {
        permit(deadline);
    }
}
