// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Domains } from "../../src/libraries/Domains.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract WithdrawOrConcedeTest is DisputesCase {
    function test_Withdrawal_and_concession_end_with_the_first_panel() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint256 before = vm.snapshotState();
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.WITHDRAWN);
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), -int256(10e6));
        vm.revertToState(before);
        vm.prank(maker);
        court.concede(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).cause), Court.CONCEDED);
        vm.revertToState(before);
        drawNow(disputeId);
        vm.expectRevert();
        vm.prank(watcher);
        court.withdraw(disputeId);
        vote(disputeId, votes(0, 0, 0));
        // The first attempt has seats to settle.
        vm.expectRevert(abi.encodeWithSelector(IDisputes.PanelWasDrawn.selector, disputeId));
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.PanelWasDrawn.selector, disputeId));
        vm.prank(maker);
        court.concede(disputeId);
    }

    function test_Only_the_sides_may_withdraw_and_concede() public {
        uint256 disputeId = openByWatcher(1, submitted());
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.CHALLENGER, maker));
        vm.prank(maker);
        court.withdraw(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotParty.selector, disputeId, Court.RESPONDENT, watcher));
        vm.prank(watcher);
        court.concede(disputeId);
    }
}
