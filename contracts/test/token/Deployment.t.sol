// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract CreditDeploymentTest is Commons {
    function test_The_supply_is_fixed_and_placed_at_deployment() public view {
        vm.assertEq(credit.totalSupply(), genesis().supply);
        vm.assertEq(credit.balanceOf(wiring.vault), genesis().treasurySupply);
        vm.assertEq(credit.balanceOf(wiring.faucet), genesis().faucetSupply);
        vm.assertEq(credit.balanceOf(supplyHolder), 800_000_000 * CREDITS);
        vm.assertEq(credit.name(), "EventSourced Credit");
        vm.assertEq(credit.symbol(), "CREDIT");
        vm.assertEq(uint256(credit.decimals()), 18);
    }
}
