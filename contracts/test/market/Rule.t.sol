// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Court } from "../../src/interfaces/IDisputes.sol";
import { Endings, ITaskMarket, Mode, TaskState, Terms, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Module } from "../../src/Module.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract RuleTest is Market {
    function test_A_rejected_claim_resumes_the_review_for_other_kinds() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        dispute(taskId, 1, 7);
        skip(21 hours);
        uint64 reviewEnd = uint64(block.timestamp + 2 hours);
        settleBond(taskId, 7, 1);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskReviewSet(taskId, Endings.REVIEW_RESUMED, reviewEnd);
        tell(taskId, 1, 7, 1);
        vm.assertEq(market.taskOf(taskId).reviewEnd, reviewEnd);
        vm.assertEq(market.taskOf(taskId).challengeEnd, reviewEnd);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
        dispute(taskId, 3, 8);
        ruleOn(taskId, 3, 8, 1);
        dispute(taskId, 4, 9);
        ruleOn(taskId, 4, 9, 1);
        skip(2 hours);
        market.finalize(taskId);
        vm.assertEq(creditOf(owners[0]), 990 * CREDITS);
    }

    function test_A_withdrawn_challenge_leaves_its_kind_open() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        dispute(taskId, 3, 7);
        ruleOn(taskId, 3, 7, Court.REJECT);
        for (uint8 kind = 1; kind <= 4; kind += kind == 1 ? 3 : 1) {
            dispute(taskId, kind, 10 + kind);
            settleBond(taskId, 10 + kind, Court.REJECT);
            skip(1 hours);
            uint64 reviewEnd = uint64(block.timestamp + 2 hours);
            vm.expectEmit(wiring.taskMarket);
            emit ITaskMarket.TaskReviewSet(taskId, Endings.CHALLENGE_WITHDRAWN, reviewEnd);
            tell(taskId, kind, 10 + kind, Court.REJECT, Court.WITHDRAWN);
            vm.assertEq(market.taskOf(taskId).reviewEnd, reviewEnd);
            vm.assertEq(market.taskOf(taskId).challengeEnd, reviewEnd);
            // What was ruled stays ruled.
            vm.assertEq(market.taskOf(taskId).ruledKinds, 1 << 3);
            assertState(taskId, TaskState.VERIFYING);
        }
        dispute(taskId, 1, 20);
        ruleOn(taskId, 1, 20, Court.REJECT);
        vm.assertEq(market.taskOf(taskId).ruledKinds, (1 << 3) | (1 << 1));
    }

    function test_A_long_review_is_not_shortened_by_a_rejected_claim() public {
        Terms memory t = terms(Mode.OPEN);
        t.reviewWindow = 10 days;
        uint256 taskId = matched(t, PRICE);
        startAs(0, taskId);
        submitAs(0, taskId);
        uint64 reviewEnd = market.taskOf(taskId).reviewEnd;
        dispute(taskId, 3, 7);
        ruleOn(taskId, 3, 7, 1);
        vm.assertEq(market.taskOf(taskId).reviewEnd, reviewEnd);
    }

    function test_An_upheld_claim_refunds_the_client() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        dispute(taskId, 1, 7);
        settleBond(taskId, 7, 2);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskCancelled(taskId, Endings.BY_COURT);
        tell(taskId, 1, 7, 2);
        vm.assertEq(creditOf(client), 10 * PRICE);
        vm.assertEq(stakeOf(0), 880 * CREDITS);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), -30e6);
        vm.assertEq(registry.locksOf(agents[0]), 0);
    }

    function test_Collusion_costs_the_bond_once_more() public {
        uint256 taskId = verifying(Verification.OPTIMISTIC, PRICE);
        vm.prank(owners[0]);
        stake.unbond(agents[0], 700 * CREDITS);
        dispute(taskId, 4, 7);
        settleBond(taskId, 7, 2);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(
            Accounts.stake(agents[0]), Accounts.BURN, bytes32(uint256(7)), 60 * CREDITS, Reasons.SLASH_BURN
        );
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.unbonding(1), Accounts.BURN, bytes32(uint256(7)), 180 * CREDITS, Reasons.SLASH_BURN);
        tell(taskId, 4, 7, 2);
        vm.assertEq(stakeOf(0), 0);
        vm.assertEq(balance(Accounts.BURN), 2 * BOND);
    }

    function test_A_split_pays_half() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        dispute(taskId, 3, 7);
        settleBond(taskId, 7, 3);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskFinalized(taskId, agents[0], Endings.SPLIT);
        tell(taskId, 3, 7, 3);
        vm.assertEq(creditOf(owners[0]), 495 * CREDITS);
        vm.assertEq(creditOf(client), 9 * PRICE + 500 * CREDITS);
        vm.assertEq(reputation.scoreOf(agents[0], DOMAIN), -15e6);
        assertState(taskId, TaskState.FINALIZED);
    }

    function test_Wrong_callers_disputes_and_rulings_are_refused() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        vm.expectRevert(abi.encodeWithSelector(Module.OnlyModule.selector, address(this)));
        market.rule(taskId, 1, 7, 2, 1, 0);
        vm.startPrank(wiring.disputes);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongState.selector, taskId, TaskState.VERIFYING));
        market.rule(taskId, 1, 7, 2, 1, 0);
        market.challenge(taskId, 1, 7, 0, client);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.WrongDispute.selector, taskId, 7, 8));
        market.rule(taskId, 1, 8, 2, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.UnknownRuling.selector, 0));
        market.rule(taskId, 1, 7, 0, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ITaskMarket.UnknownRuling.selector, 4));
        market.rule(taskId, 1, 7, 4, 1, 0);
    }
}
