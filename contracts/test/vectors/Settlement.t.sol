// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Economics, section 4: every line of the table of outcomes, to the last base unit.
contract SettlementVectorsTest is Courtroom {
    /// @dev Everything that a settlement can change, before it.
    struct Before {
        uint256 client;
        uint256 maker;
        uint256 watcher;
        uint256 burned;
        uint256 treasury;
        uint256 verifiers;
    }

    uint256 internal taskId;
    uint256 internal disputeId;
    Before internal before;

    function begin(uint8 kind) internal {
        taskId = submitted();
        before = Before(creditOf(client), creditOf(maker), creditOf(watcher), burned(), balance(Accounts.TREASURY), 0);
        for (uint256 i; i < verifiers.length; ++i) {
            before.verifiers += stakeAt(verifiers[i]);
        }
        disputeId = kind == 3 ? openByClient(kind, taskId) : openByWatcher(kind, taskId);
    }

    /// @dev One round of three pays 0.6 for the draw and as much for the settlement.
    uint256 internal constant ONE_ROUND = 12 * CREDITS / 10;
    /// @dev 0.6, and twice half a percent of 7 * J2.
    uint256 internal constant TWO_ROUNDS = 2999999999999999998;

    /// @dev The figures of a row; what the challenger has beyond where it began, what the maker has beyond. This contract
    ///      draws and settles, so it has what keepers are paid.
    function finish(
        int256 challenger,
        int256 respondent,
        uint256 toVerifiers,
        uint256 slashed,
        uint256 burn,
        uint256 keepers
    ) internal {
        uint256 held;
        for (uint256 i; i < verifiers.length; ++i) {
            held += stakeAt(verifiers[i]);
        }
        address challengerHome = sideOfChallenger(disputeId);
        uint256 was = challengerHome == client ? before.client : before.watcher;
        vm.assertEq(int256(creditOf(challengerHome)) - int256(was), challenger, "challenger");
        vm.assertEq(int256(creditOf(maker)) - int256(before.maker), respondent, "respondent");
        vm.assertEq(int256(held) - int256(before.verifiers), int256(toVerifiers) - int256(slashed), "verifiers");
        vm.assertEq(burned() - before.burned, burn, "burn");
        vm.assertEq(creditOf(address(this)), keepers, "keepers");
        vm.assertEq(balance(Accounts.dispute(disputeId)), 0, "dispute account");
    }

    function c(int256 credits) internal pure returns (int256) {
        return credits * int256(CREDITS);
    }

    function test_Bonds_follow_the_multiplier_of_the_kind() public {
        begin(1);
        vm.assertEq(court.disputeOf(disputeId).bond, 120 * CREDITS);
        begin(3);
        vm.assertEq(court.disputeOf(disputeId).bond, 180 * CREDITS);
        begin(4);
        vm.assertEq(court.disputeOf(disputeId).bond, 240 * CREDITS);
    }

    function test_Upheld_by_all() public {
        begin(1);
        seated(disputeId);
        vm.assertEq(current(disputeId).seatBond, 40 * CREDITS);
        vote(disputeId, votes(2, 2, 2));
        settleNow(disputeId);
        finish(c(60), 0, 48 * CREDITS, 0, 12 * CREDITS - ONE_ROUND, ONE_ROUND);
        vm.assertEq(creditOf(client), before.client + PRICE);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
        vm.assertTrue(market.stateOf(taskId) == TaskState.CANCELLED);
    }

    function test_Rejected_two_to_one_judged() public {
        beginJudged();
        seated(disputeId);
        vote(disputeId, votes(1, 1, 2));
        settleNow(disputeId);
        finish(c(-120), c(70), 56 * CREDITS, 20 * CREDITS, 14 * CREDITS - ONE_ROUND, ONE_ROUND);
        finalizeFor(990, 10);
    }

    function test_Rejected_two_to_one_deterministic() public {
        begin(1);
        seated(disputeId);
        vote(disputeId, votes(1, 2, 1));
        settleNow(disputeId);
        // Two honest: 32 each; one has lost 40.
        finish(c(-120), c(80), 64 * CREDITS, 40 * CREDITS, 16 * CREDITS - ONE_ROUND, ONE_ROUND);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
        finalizeFor(990, 10);
    }

    function test_A_tie_splits() public {
        begin(1);
        seated(disputeId);
        vote(disputeId, votes(1, 2, 0));
        settleNow(disputeId);
        // 96 + 10 of each side's 120, less half of the keepers' 1.2; the agent is paid half.
        int256 half = int256(ONE_ROUND) / 2;
        finish(c(106 - 120) - half, c(106 + 495) - half, 64 * CREDITS, 40 * CREDITS, 4 * CREDITS, ONE_ROUND);
        vm.assertEq(balance(Accounts.TREASURY), before.treasury + 5 * CREDITS);
        vm.assertEq(creditOf(client), before.client + 500 * CREDITS);
    }

    function test_A_split_that_was_voted_judged() public {
        beginJudged();
        seated(disputeId);
        vote(disputeId, votes(3, 3, 1));
        settleNow(disputeId);
        int256 half = int256(ONE_ROUND) / 2;
        finish(c(101 - 120) - half, c(101 + 495) - half, 56 * CREDITS, 20 * CREDITS, 2 * CREDITS, ONE_ROUND);
    }

    function test_No_quorum_once_and_then_upheld_by_all() public {
        begin(1);
        seated(disputeId);
        vote(disputeId, votes(2, 0, 0));
        // S = 80 of the first panel: 20 to each side, 32 to whoever revealed, 8 less the fee of its draw burn.
        drawNow(disputeId);
        vote(disputeId, votes(2, 2, 2));
        settleNow(disputeId);
        uint256 keepers = ONE_ROUND + 6 * CREDITS / 10;
        finish(c(60 + 20), c(20), 80 * CREDITS, 80 * CREDITS, 20 * CREDITS - keepers, keepers);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.RULED);
    }

    function test_A_withheld_secret_of_the_respondent() public {
        begin(1);
        withhold(maker, Court.RESPONDENT);
        court.draw(disputeId);
        finish(c(60), 0, 0, 0, 60 * CREDITS - ONE_ROUND / 2, ONE_ROUND / 2);
        vm.assertEq(creditOf(client), before.client + PRICE);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.FORFEITED);
    }

    function test_A_withheld_secret_of_the_challenger() public {
        begin(1);
        withhold(watcher, Court.CHALLENGER);
        court.draw(disputeId);
        finish(c(-120), c(60), 0, 0, 60 * CREDITS - ONE_ROUND / 2, ONE_ROUND / 2);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
        vm.assertTrue(market.stateOf(taskId) == TaskState.VERIFYING);
    }

    function test_Both_secrets_withheld() public {
        begin(1);
        withhold(maker, Court.RESPONDENT);
        vm.roll(current(disputeId).seedBlock - 1);
        withhold(watcher, Court.CHALLENGER);
        court.draw(disputeId);
        finish(c(-120), 0, 0, 0, 240 * CREDITS - ONE_ROUND / 2, ONE_ROUND / 2);
        vm.assertEq(creditOf(client), before.client + PRICE);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.ABANDONED);
    }

    function test_Appealed_and_overturned() public {
        beginJudged();
        seated(disputeId);
        vote(disputeId, votes(2, 2, 1));
        appealBy(disputeId, Court.RESPONDENT);
        drawNow(disputeId);
        vm.assertEq(current(disputeId).seatBond, 34285714285714285714);
        vote(disputeId, votes7([1, 1, 1, 1, 2, 1, 0]));
        settleNow(disputeId);
        finish(
            c(-120),
            int256(105714285714285714285),
            6 * 14095238095238095238,
            91428571428571428571,
            21142857142857142858 - TWO_ROUNDS,
            TWO_ROUNDS
        );
        finalizeFor(990, 10);
    }

    function test_Appealed_and_lost() public {
        beginJudged();
        seated(disputeId);
        vote(disputeId, votes(2, 2, 1));
        appealBy(disputeId, Court.RESPONDENT);
        drawNow(disputeId);
        vote(disputeId, votes7([2, 2, 2, 2, 2, 1, 2]));
        settleNow(disputeId);
        finish(
            int256(198571428571428571428),
            c(-240),
            8 * 19857142857142857142,
            37142857142857142857,
            39714285714285714293 - TWO_ROUNDS,
            TWO_ROUNDS
        );
    }

    function test_Withdrawn_before_the_draw() public {
        begin(1);
        vm.prank(watcher);
        court.withdraw(disputeId);
        finish(c(-30), c(15), 0, 0, 15 * CREDITS, 0);
        vm.assertEq(balance(pledgeOf(taskId)), BOND);
        vm.assertTrue(market.stateOf(taskId) == TaskState.VERIFYING);
    }

    function test_Conceded_before_the_draw() public {
        begin(1);
        vm.prank(maker);
        court.concede(disputeId);
        finish(c(60), 0, 0, 0, 60 * CREDITS, 0);
        vm.assertEq(creditOf(client), before.client + PRICE);
    }

    function withhold(address party, uint8 side) internal {
        if (current(disputeId).seedBlock == 0) startRound(disputeId);
        vm.prank(party);
        court.commitSeed(disputeId, side, keccak256("never told"));
        vm.roll(current(disputeId).seedBlock + 17);
    }

    /// @dev Judged means half of J for the incoherent. The vectors have B = 120, which is kind 1's, so the rate is set.
    function beginJudged() internal {
        setParam(Keys.INCOHERENT_DETERMINISTIC, 5_000);
        begin(1);
    }

    function finalizeFor(uint256 toAgent, uint256 fee) internal {
        uint256 had = creditOf(maker);
        uint256 treasury = balance(Accounts.TREASURY);
        vm.warp(market.taskOf(taskId).reviewEnd);
        market.finalize(taskId);
        vm.assertEq(creditOf(maker), had + toAgent * CREDITS);
        vm.assertEq(balance(Accounts.TREASURY), treasury + fee * CREDITS);
    }
}
