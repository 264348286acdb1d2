// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IFaucet } from "../../src/interfaces/IFaucet.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

contract DripTest is Commons {
    function test_The_faucet_gives_a_thousand_an_hour_to_each() public {
        IFaucet faucet = IFaucet(wiring.faucet);
        vm.assertEq(uint256(faucet.nextDripAt(address(7))), 0);
        vm.expectEmit(wiring.faucet);
        emit IFaucet.Dripped(address(7), 1_000 * CREDITS, GENESIS_TIME + 1 hours);
        vm.expectEmit(wiring.credit);
        emit IERC20.Transfer(wiring.faucet, address(7), 1_000 * CREDITS);
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
