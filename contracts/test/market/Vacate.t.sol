// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../../src/interfaces/IReputation.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { ITaskMarket, Mode, TaskState, Vacancy } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Causes } from "../../src/libraries/Domains.sol";
import { Decay } from "../../src/libraries/Decay.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract VacateTest is Market {
    function test_A_missed_delivery_is_vacated_without_a_new_round() public {
        (uint256 taskId,) = running(PRICE);
        vm.warp(market.taskOf(taskId).deliverBy);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskVacated(taskId, agents[0], 1, Vacancy.MISSED);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            pledgeOf(taskId), Accounts.credit(client), bytes32(taskId), 48 * CREDITS, Reasons.PENALTY_CLIENT
        );
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(pledgeOf(taskId), Accounts.BURN, bytes32(taskId), 48 * CREDITS, Reasons.PENALTY_BURN);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            pledgeOf(taskId), Accounts.stake(agents[0]), bytes32(taskId), 144 * CREDITS, Reasons.BOND_RELEASE
        );
        vm.expectEmit(wiring.reputation);
        emit IReputation.ReputationSet(agents[0], DOMAIN, bytes32(taskId), -20e6, reputationAfter(-20e6), Causes.MISSED);
        market.vacate(taskId);
        assertState(taskId, TaskState.VACANT);
        vm.assertEq(market.taskOf(taskId).cause, Vacancy.MISSED);
        vm.assertEq(registry.locksOf(agents[0]), 0);
    }

    function reputationAfter(int256 increment) internal view returns (int256) {
        uint256 exponent = parameters.exponentAt(Keys.REP_HALF_LIFE, uint64(block.timestamp));
        return Decay.weigh(increment, exponent);
    }

    function test_Early_or_elsewhere_it_is_refused() public {
        uint256 taskId = matched(PRICE);
        uint64 startBy = market.taskOf(taskId).startBy;
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, startBy, block.timestamp));
        market.vacate(taskId);
        taskId = create(Mode.OPEN);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.BIDDING));
        market.vacate(taskId);
    }
}
