// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 61: an agent with strikes needs panels of 7 or 15; nine verifiers cannot seat 15, so two attempts failed and
///         every later garbage result earned 495 of 1,000.
contract AStruckAgentIsJudgedByThePoolThatExistsTest is Courtroom {
    function seatedAtStart() internal pure override returns (uint256) {
        return 9;
    }

    function test_A_struck_agent_is_judged_by_the_pool_that_exists() public {
        for (uint256 strikes = 1; strikes <= 3; ++strikes) {
            vm.prank(wiring.disputes);
            reputation.add(makerId, "strike", 0, 1e6, 13);
            Terms memory t = taskTerms();
            t.agentBond = 4 * BOND;
            uint256 taskId = submitted(t, "garbage", "receipt");
            uint256 had = creditOf(maker);
            uint256 disputeId = openByWatcher(1, taskId);
            seated(disputeId);
            vm.assertEq(seatsNow(disputeId).length, 7);
            vote(disputeId, unanimous(disputeId, Court.UPHOLD));
            settleNow(disputeId);
            vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
            vm.assertEq(creditOf(maker), had);
        }
    }

    /// @dev Three of seven members are related to a party and never sit: the round waits until drawBy, and then asks for three.
    function test_Members_that_may_not_sit_delay_a_panel_and_no_more() public {
        for (uint256 i = 7; i < 9; ++i) {
            vm.prank(registry.ownerOf(verifiers[i]));
            pool.leave(verifiers[i]);
        }
        vm.prank(wiring.disputes);
        reputation.add(makerId, "strike", 0, 1e6, 13);
        attest(makerId, 77);
        attest(watcherId, 78);
        attest(verifiers[0], 77);
        attest(verifiers[1], 78);
        Terms memory t = taskTerms();
        t.agentBond = 4 * BOND;
        uint256 disputeId = openByWatcher(1, submitted(t, "r", "s"));
        startRound(disputeId);
        vm.assertEq(uint256(current(disputeId).panelSize), 7);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 0);
        letTheDrawPass(disputeId);
        court.resolveRound(disputeId);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 3);
    }
}
