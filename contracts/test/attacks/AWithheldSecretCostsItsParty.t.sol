// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 19: withholding a secret, to choose between two panels. It cost B / 4 once; now it costs the case.
contract AWithheldSecretCostsItsPartyTest is Courtroom {
    uint256 internal taskId;
    uint256 internal disputeId;
    uint64 internal seedBlock;

    function setUp() public override {
        super.setUp();
        taskId = submitted();
        disputeId = openByWatcher(1, taskId);
        startRound(disputeId);
        seedBlock = current(disputeId).seedBlock;
    }

    function commit(address party, uint8 side) internal {
        vm.prank(party);
        court.commitSeed(disputeId, side, keccak256("never told"));
    }

    function test_A_withheld_secret_costs_its_party_the_case() public {
        uint256 price = creditOf(client) + PRICE;
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 16);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, seedBlock + 17, seedBlock + 64, seedBlock + 16)
        );
        court.draw(disputeId);
        vm.roll(seedBlock + 17);
        court.draw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.FORFEITED);
        vm.assertEq(seatsNow(disputeId).length, 0);
        vm.assertEq(creditOf(client), price);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
        vm.assertEq(reputation.strikesOf(makerId), 1);
    }

    /// @dev Nobody has judged: a friend that forfeits on purpose loses B and closes no kind to the honest.
    function test_A_challenger_that_withholds_shuts_nobody_out() public {
        uint256 had = creditOf(maker);
        commit(watcher, Court.CHALLENGER);
        vm.roll(seedBlock + 17);
        court.draw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
        vm.assertEq(creditOf(maker), had + 60 * CREDITS);
        vm.assertEq(reputation.scoreOf(watcherId, "challenge"), -int256(30e6));
        vm.assertTrue(market.stateOf(taskId) == TaskState.VERIFYING);
        vm.assertTrue(court.disputeOf(openByWatcher(1, taskId)).phase == Phase.EVIDENCE);
    }

    /// @dev Who holds both sides could choose between a panel with its secrets and one without: it loses both bonds and the price.
    function test_Both_sides_withholding_lose_both() public {
        uint256 together = creditOf(maker) + creditOf(watcher);
        commit(watcher, Court.CHALLENGER);
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 17);
        court.draw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.ABANDONED);
        vm.assertEq(creditOf(maker) + creditOf(watcher), together);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
        vm.assertEq(reputation.scoreOf(watcherId, "challenge"), -int256(30e6));
        vm.assertEq(reputation.strikesOf(makerId), 1);
    }

    /// @dev After a ruling too: nobody is incoherent with a ruling that no panel gave.
    function test_Who_voted_before_loses_nothing_by_a_forfeit() public {
        vm.roll(seedBlock + 1);
        court.draw(disputeId);
        uint256 voter = seatOf(disputeId, 0).verifierId;
        vote(disputeId, votes(1, 1, 1));
        appealBy(disputeId, Court.CHALLENGER);
        seedBlock = current(disputeId).seedBlock;
        commit(maker, Court.RESPONDENT);
        vm.roll(seedBlock + 17);
        court.draw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        // 40 % of the respondent's B is shared by the three.
        vm.assertEq(stakeAt(voter), STAKED + 16 * CREDITS);
        vm.assertEq(court.openSeatsOf(voter), 0);
    }
}
