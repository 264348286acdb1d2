// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { IParameters } from "../../src/interfaces/IParameters.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { GovernorCase } from "../governor/GovernorCase.sol";
import { vm } from "../Vm.sol";

/// @notice Row 44: a stake of 100 credits made proposals without a spend by the hundred, and every voter had to look at each.
contract AProposalIsNeverFreeTest is GovernorCase {
    function setUp() public override {
        super.setUp();
        clear();
        call(wiring.parameters, abi.encodeCall(IParameters.setParam, (Keys.PROTOCOL_FEE, 50)));
    }

    function test_A_proposal_is_never_free() public {
        for (uint256 i; i < 10; ++i) {
            description = vm.toString(i);
            propose();
        }
        vm.assertEq(creditOf(proposer), 0, "a hundred credits each");
        description = "one more";
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        propose();
    }

    function test_Who_annoys_everybody_loses_it_although_nothing_reaches_the_floor() public {
        uint256 funds = treasury.funds();
        propose();
        toVote();
        vote(small, AGAINST);
        afterVote();
        assertState(IGovernor.ProposalState.Defeated);
        governor.releaseBond(id);
        vm.assertEq(treasury.funds(), funds + 100 * CREDITS);
        vm.assertEq(creditOf(proposer), 900 * CREDITS);
    }
}
