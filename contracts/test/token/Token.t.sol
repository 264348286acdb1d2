// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IFaucet } from "../../src/interfaces/IFaucet.sol";
import { INonces } from "../../src/interfaces/INonces.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract TokenTest is Commons {
    function test_The_supply_is_fixed_and_placed_at_deployment() public view {
        vm.assertEq(credit.totalSupply(), genesis().supply);
        vm.assertEq(credit.balanceOf(wiring.vault), genesis().treasurySupply);
        vm.assertEq(credit.balanceOf(wiring.faucet), genesis().faucetSupply);
        vm.assertEq(credit.balanceOf(supplyHolder), 800_000_000 * CREDITS);
        vm.assertEq(credit.symbol(), "CREDIT");
    }

    function test_Spending_an_allowance_tells_what_is_left() public {
        vm.prank(supplyHolder);
        credit.approve(address(7), 10);
        vm.expectEmit(wiring.credit);
        emit IERC20.Approval(supplyHolder, address(7), 6);
        vm.prank(address(7));
        credit.transferFrom(supplyHolder, address(8), 4);
        vm.assertEq(credit.allowance(supplyHolder, address(7)), 6);
    }

    function test_A_permit_tells_its_nonce() public {
        address holder = vm.addr(5);
        bytes32 what = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                holder,
                address(7),
                9,
                0,
                GENESIS_TIME
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(5, keccak256(abi.encodePacked(hex"1901", credit.DOMAIN_SEPARATOR(), what)));
        vm.expectEmit(wiring.credit);
        emit INonces.NonceUsed(holder, 0);
        credit.permit(holder, address(7), 9, GENESIS_TIME, v, r, s);
        vm.assertEq(credit.allowance(holder, address(7)), 9);
    }

    function test_The_faucet_gives_a_thousand_an_hour_to_each() public {
        IFaucet faucet = IFaucet(wiring.faucet);
        vm.assertEq(uint256(faucet.nextDripAt(address(7))), 0);
        vm.expectEmit(wiring.faucet);
        emit IFaucet.Dripped(address(7), 1_000 * CREDITS, GENESIS_TIME + 1 hours);
        faucet.drip(address(7));
        vm.assertEq(credit.balanceOf(address(7)), 1_000 * CREDITS);
        vm.assertEq(uint256(faucet.nextDripAt(address(7))), GENESIS_TIME + 1 hours);
        skip(1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(IFaucet.TooSoon.selector, address(7), GENESIS_TIME + 1 hours));
        faucet.drip(address(7));
        faucet.drip(address(8));
        skip(1);
        faucet.drip(address(7));
        vm.assertEq(credit.balanceOf(address(7)), 2_000 * CREDITS);
    }
}
