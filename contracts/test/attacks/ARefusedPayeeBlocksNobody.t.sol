// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TaskState, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 34: a payee that the token refuses.
contract ARefusedPayeeBlocksNobodyTest is Market {
    function test_A_refused_payee_blocks_nobody() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        bytes memory code = wiring.credit.code;
        // A token that refuses everything, as a blacklist would refuse the payee.
        vm.etch(wiring.credit, hex"5f5ffd");
        skip(2 hours);
        market.finalize(taskId);
        assertState(taskId, TaskState.FINALIZED);
        vm.assertEq(creditOf(owners[0]), 990 * CREDITS);
        vm.expectRevert();
        vm.prank(owners[0]);
        vault.withdraw(990 * CREDITS, owners[0]);
        vm.etch(wiring.credit, code);
        vm.prank(owners[0]);
        vault.withdraw(990 * CREDITS, owners[0]);
        vm.assertEq(credit.balanceOf(owners[0]), 990 * CREDITS);
    }
}
