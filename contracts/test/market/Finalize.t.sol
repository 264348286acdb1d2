// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Endings, ITaskMarket, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract FinalizeTest is Market {
    function test_Anyone_finalizes_after_the_review() public {
        uint256 taskId = verifying(Verification.OPTIMISTIC, PRICE);
        skip(2 hours);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskFinalized(taskId, agents[0], Endings.REVIEW_OVER);
        vm.prank(person("anyone"));
        market.finalize(taskId);
        vm.assertEq(creditOf(owners[0]), 990 * CREDITS);
    }

    function test_Not_before_the_review_is_over() public {
        uint256 taskId = verifying(Verification.OPTIMISTIC, PRICE);
        uint64 reviewEnd = market.taskOf(taskId).reviewEnd;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, reviewEnd, block.timestamp));
        market.finalize(taskId);
    }

    function test_Work_for_nothing_is_finalized_too() public {
        uint256 taskId = verifying(Verification.CLIENT, 0);
        vm.prank(client);
        market.accept(taskId);
        vm.assertEq(creditOf(owners[0]), 0);
        vm.assertEq(creditOf(client), 10 * PRICE);
    }

    function test_Fuzz_price_fee_and_refund_sum_to_the_escrow(uint256 price, uint256 fee) public {
        price = bound(price, 0, PRICE);
        fee = bound(fee, 0, 500);
        setParam(Keys.PROTOCOL_FEE, fee);
        uint256 treasury = balance(Accounts.TREASURY);
        uint256 taskId = verifying(Verification.CLIENT, price);
        vm.prank(client);
        market.accept(taskId);
        vm.assertEq(balance(Accounts.TREASURY) - treasury, price * fee / 10_000);
        vm.assertEq(creditOf(owners[0]), price - price * fee / 10_000);
        vm.assertEq(creditOf(client), 10 * PRICE - price);
    }

    function test_The_owner_at_the_end_is_paid() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.AgentLocked.selector, agents[0], 1));
        vm.prank(owners[0]);
        registry.transferFrom(owners[0], owners[1], agents[0]);
        vm.prank(client);
        market.accept(taskId);
        vm.prank(owners[0]);
        registry.transferFrom(owners[0], owners[1], agents[0]);
    }
}
