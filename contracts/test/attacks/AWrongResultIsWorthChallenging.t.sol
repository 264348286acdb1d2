// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 4: a wrong result that nobody checks.
contract AWrongResultIsWorthChallengingTest is Courtroom {
    function test_A_wrong_result_is_worth_challenging() public {
        uint256 taskId = submitted();
        uint256 had = creditOf(watcher);
        uint256 disputeId = openByWatcher(1, taskId);
        seated(disputeId);
        vote(disputeId, unanimous(disputeId, Court.UPHOLD));
        settleNow(disputeId);
        vm.assertEq(creditOf(watcher), had + 60 * CREDITS);
        vm.assertEq(reputation.strikesOf(makerId), 1);
        // The next time the first panel stands one rung higher.
        disputeId = openByWatcher(1, submitted(struckTerms(), keccak256("b"), keccak256("c")));
        startRound(disputeId);
        vm.assertEq(current(disputeId).panelSize, 7);
    }

    /// @dev A strike doubles the agentBond that a bid needs.
    function struckTerms() internal view returns (Terms memory t) {
        t = taskTerms();
        t.agentBond = 2 * BOND;
    }
}
