// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IReputation } from "../../src/interfaces/IReputation.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Endings, ITaskMarket, Mode, TaskState, Terms, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract AcceptTest is Market {
    function test_Where_the_client_judges_acceptance_pays_at_once() public {
        uint256 taskId = verifying(Verification.CLIENT, 500 * CREDITS);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskFinalized(taskId, agents[0], Endings.ACCEPTED);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.task(taskId), Accounts.TREASURY, bytes32(taskId), 5 * CREDITS, Reasons.FEE);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.task(taskId), Accounts.credit(owners[0]), bytes32(taskId), 495 * CREDITS, Reasons.PAYMENT
        );
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.task(taskId), Accounts.credit(client), bytes32(taskId), 500 * CREDITS, Reasons.REFUND
        );
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(pledgeOf(taskId), Accounts.stake(agents[0]), bytes32(taskId), BOND, Reasons.BOND_RELEASE);
        vm.expectEmit(wiring.reputation);
        emit IReputation.CompletionCounted(agents[0], client, taskId, 1);
        vm.prank(client);
        market.accept(taskId);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), 10_495_000);
        vm.assertEq(registry.locksOf(agents[0]), 0);
    }

    function test_Optimistic_acceptance_waits_for_the_challenge_window() public {
        Terms memory t = terms(Mode.OPEN);
        t.verification = uint8(Verification.OPTIMISTIC);
        t.reviewWindow = 1 days;
        uint256 taskId = matched(t, PRICE);
        startAs(0, taskId);
        submitAs(0, taskId);
        uint64 challengeEnd = uint64(block.timestamp + 2 hours);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskReviewSet(taskId, Endings.REVIEW_SHORTENED, challengeEnd);
        vm.startPrank(client);
        market.accept(taskId);
        assertState(taskId, TaskState.VERIFYING);
        vm.assertEq(market.taskOf(taskId).reviewEnd, challengeEnd);
        vm.recordLogs();
        market.accept(taskId);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.warp(challengeEnd);
        market.accept(taskId);
        assertState(taskId, TaskState.FINALIZED);
    }

    function test_Only_the_client_accepts_submitted_work() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.OnlyClient.selector, taskId, owners[0]));
        vm.prank(owners[0]);
        market.accept(taskId);
        uint256 open = create(Mode.OPEN);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, open, TaskState.BIDDING));
        vm.prank(client);
        market.accept(open);
    }
}
