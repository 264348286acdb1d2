// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, TaskState, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Challenge } from "../../src/interfaces/IDisputable.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract ChallengeTest is Market {
    function test_A_challenge_stops_the_payment_and_names_the_pledge() public {
        uint256 taskId = verifying(Verification.OPTIMISTIC, PRICE);
        uint256[4] memory bonds = [uint256(120), 120, 180, 240];
        for (uint8 kind = 1; kind <= 4; ++kind) {
            uint256 state = vm.snapshotState();
            vm.expectEmit(wiring.taskMarket);
            emit ITaskMarket.TaskDisputed(taskId, 70 + kind, kind);
            Challenge memory found = dispute(taskId, kind, 70 + kind);
            vm.assertEq(found.respondentId, agents[0]);
            vm.assertEq(found.principal, client);
            vm.assertEq(found.pledge, pledgeOf(taskId));
            vm.assertEq(found.bond, bonds[kind - 1] * CREDITS);
            vm.assertEq(found.deterministic, kind <= 2);
            assertState(taskId, TaskState.DISPUTED);
            vm.assertEq(market.taskOf(taskId).disputeId, 70 + kind);
            vm.assertEq(market.taskOf(taskId).ruledKinds, 1 << kind);
            skip(3 hours);
            vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.DISPUTED));
            market.finalize(taskId);
            vm.revertToState(state);
        }
    }

    function refuse(uint256 taskId, uint8 kind, uint256 challengerId, address challenger, bytes memory error) internal {
        vm.expectRevert(error);
        vm.prank(wiring.disputes);
        market.challenge(taskId, kind, 7, challengerId, challenger);
    }

    function test_Who_may_bring_what() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        bytes memory onlyClient = abi.encodeWithSelector(ITaskMarket.OnlyClient.selector, taskId, owners[1]);
        refuse(taskId, 1, agents[1], owners[1], onlyClient);
        refuse(taskId, 3, agents[1], owners[1], onlyClient);
        refuse(taskId, 4, 0, owners[1], onlyClient);
        disputeBy(taskId, 4, 7, agents[1], owners[1]);
        uint256 watched = verifying(Verification.OPTIMISTIC, PRICE);
        disputeBy(watched, 1, 8, agents[1], owners[1]);
        uint256 receipt = verifying(Verification.CLIENT, PRICE);
        disputeBy(receipt, 2, 9, agents[1], owners[1]);
    }

    function test_Late_unknown_repeated_and_foreign_challenges_are_refused() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        refuse(taskId, 0, 0, client, abi.encodeWithSelector(ITaskMarket.KindUnknown.selector, 0));
        refuse(taskId, 5, 0, client, abi.encodeWithSelector(ITaskMarket.KindUnknown.selector, 5));
        dispute(taskId, 1, 6);
        refuse(
            taskId, 3, 0, client, abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.DISPUTED)
        );
        ruleOn(taskId, 1, 6, 1);
        refuse(taskId, 1, 0, client, abi.encodeWithSelector(ITaskMarket.KindAlreadyRuled.selector, taskId, 1));
        uint64 reviewEnd = market.taskOf(taskId).reviewEnd;
        vm.warp(reviewEnd);
        refuse(taskId, 3, 0, client, abi.encodeWithSelector(Module.TooLate.selector, reviewEnd, block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        market.challenge(taskId, 3, 7, 0, client);
    }
}
