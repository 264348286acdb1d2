// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract VaultDepositWithPermitTest is Commons {
    uint256 private constant KEY = 0xA11CE;
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    address private holder = vm.addr(KEY);

    function setUp() public override {
        super.setUp();
        vm.prank(supplyHolder);
        credit.transfer(holder, 100);
    }

    function permit(uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 what = keccak256(abi.encode(PERMIT, holder, wiring.vault, amount, credit.nonces(holder), GENESIS_TIME));
        return vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", credit.DOMAIN_SEPARATOR(), what)));
    }

    function test_One_signature_deposits() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(60);
        vm.prank(holder);
        vault.depositWithPermit(60, GENESIS_TIME, v, r, s);
        vm.assertEq(creditOf(holder), 60);
        vm.assertEq(credit.allowance(holder, wiring.vault), 0);
        vm.assertEq(credit.nonces(holder), 1);
    }

    function test_A_permit_that_somebody_brought_before_is_as_good() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(60);
        credit.permit(holder, wiring.vault, 60, GENESIS_TIME, v, r, s);
        vm.prank(holder);
        vault.depositWithPermit(60, GENESIS_TIME, v, r, s);
        vm.assertEq(creditOf(holder), 60);
    }

    function test_A_wrong_signature_deposits_nothing() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(60);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, wiring.vault, 0, 61));
        vm.prank(holder);
        vault.depositWithPermit(61, GENESIS_TIME, v, r, s);
    }
}
