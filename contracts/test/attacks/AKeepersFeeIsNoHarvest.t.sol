// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 63: calling for the fee. Who brings a dispute upon itself, keeps it itself and appeals it itself pays the
///         verifiers 40 % of what it loses; the keepers' part is always less than what would burn.
contract AKeepersFeeIsNoHarvestTest is Courtroom {
    /// @dev The worst case for what burns: the winner appeals, so that the pot is one bond and the fees are of three rounds;
    ///      and no seat is slashed.
    function test_Three_rounds_of_fees_are_less_than_what_would_burn() public {
        setParam("incoherentJudged", 0);
        uint256 together = creditOf(maker) + creditOf(watcher);
        uint256 burnt = burned();
        uint256 disputeId = openByWatcher(4, submitted());
        seated(disputeId);
        vote(disputeId, votes(2, 2, 2));
        appealBy(disputeId, Court.RESPONDENT);
        drawNow(disputeId);
        vote(disputeId, unanimous(disputeId, Court.UPHOLD));
        appealBy(disputeId, Court.RESPONDENT);
        drawNow(disputeId);
        vote(disputeId, unanimous(disputeId, Court.REJECT));
        settleNow(disputeId);
        uint256 fees = creditOf(address(this));
        // Half a percent of 240, 480, 960 and once more 960, rounded down with J.
        vm.assertLe(fees, 132 * CREDITS / 10);
        vm.assertGe(fees, 132 * CREDITS / 10 - 100);
        vm.assertGt(burned(), burnt);
        // Attacker and keeper in one person still lose half of B.
        vm.assertGe(together, creditOf(maker) + creditOf(watcher) + fees + 100 * CREDITS);
    }

    /// @dev A failed attempt pays its draw out of its absent seats, however often it fails.
    function test_Attempts_without_quorum_cost_the_parties_nothing() public {
        uint256 disputeId = openByWatcher(1, submitted());
        uint256 had = creditOf(watcher) + creditOf(maker);
        startRound(disputeId);
        for (uint256 i; i < 4; ++i) {
            drawNow(disputeId);
            vote(disputeId, votes(0, 0, 0));
        }
        vm.assertEq(creditOf(address(this)), 4 * 6 * CREDITS / 10);
        vm.assertGt(creditOf(watcher) + creditOf(maker), had);
        drawNow(disputeId);
        vote(disputeId, votes(1, 1, 1));
        uint256 loser = creditOf(watcher);
        uint256 winner = creditOf(maker);
        settleNow(disputeId);
        vm.assertEq(creditOf(watcher), loser);
        vm.assertEq(creditOf(maker), winner + 60 * CREDITS);
    }
}
