// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract CreateForTest is Market {
    function test_A_step_is_paid_from_its_budget_and_refunded_there_while_it_is_open() public {
        uint256 taskId = createStep(terms(Mode.OPEN), 0);
        vm.assertEq(market.taskOf(taskId).funding, Accounts.workflow(1));
        vm.assertEq(balance(Accounts.workflow(1)), 0);
        vm.prank(client);
        market.cancel(taskId);
        vm.assertEq(balance(Accounts.workflow(1)), PRICE);
    }

    function test_A_step_is_refunded_to_the_client_once_the_workflow_is_over() public {
        uint256 taskId = createStep(terms(Mode.OPEN), 0);
        vm.prank(client);
        workflows.endWorkflow(1);
        uint256 before = creditOf(client);
        vm.prank(client);
        market.cancel(taskId);
        vm.assertEq(creditOf(client), before + PRICE);
    }

    function test_Only_workflows_create_for_others() public {
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, client));
        vm.prank(client);
        market.createFor(client, Accounts.workflow(1), 0, terms(Mode.OPEN));
    }
}
