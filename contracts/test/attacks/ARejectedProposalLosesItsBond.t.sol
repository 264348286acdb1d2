// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { GovernorCase } from "../governor/GovernorCase.sol";
import { vm } from "../Vm.sol";

/// @notice Row 38: proposals to spend are made to annoy.
contract ARejectedProposalLosesItsBondTest is GovernorCase {
    function test_A_rejected_proposal_loses_its_bond() public {
        uint256 before = treasury.funds();
        propose();
        toVote();
        vote(voter, AGAINST);
        vote(small, AGAINST);
        afterVote();
        governor.releaseBond(id);
        vm.assertEq(treasury.funds(), before + BOND);
        vm.assertEq(creditOf(proposer), 850 * CREDITS);
    }

    function test_vector_a_spend_of_1001_bonds_51_and_100_credits() public {
        clear();
        spend(1_001);
        vm.assertEq(governor.bondFor(targets, calldatas), 100 * CREDITS + 51);
    }
}
