// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { GovernorCase } from "../governor/GovernorCase.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @notice Row 41: the sole staker of a young economy, with 100 credits at stake, a bond of 0 and a quorum of 4, granted itself the
///         governor's role, took the veto from the council, and had the 100,000,000 of the treasury 12 days later.
contract ASmallStakeTakesNothingTest is GovernorCase {
    address private constant THIEF = address(0x741E);
    uint256 private constant TREASURE = 100_000_000 * CREDITS;

    /// @dev Nobody else has anything at stake.
    function setUp() public override {
        Commons.setUp();
        proposer = THIEF;
        clear();
        call(wiring.timelock, abi.encodeCall(IAccessControl.grantRole, (timelock.PROPOSER_ROLE(), THIEF)));
        call(wiring.timelock, abi.encodeCall(IAccessControl.revokeRole, (timelock.CANCELLER_ROLE(), wiring.council)));
    }

    function stakes(uint256 amount) private {
        newAgent(THIEF, amount);
        skip(1);
    }

    function test_A_small_stake_takes_nothing() public {
        stakes(100 * CREDITS);
        // It has nothing beside its stake: proposing was free.
        vm.expectPartialRevert(IVault.InsufficientBalance.selector);
        propose();
        fund(THIEF, 10_100 * CREDITS);
        propose();
        accept();
        vm.assertEq(governor.quorumOf(id), FLOOR, "4 credits were a quorum");
        assertState(IGovernor.ProposalState.Defeated);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        queue();
        vm.assertEq(treasury.funds(), TREASURE);
    }

    function test_With_ten_thousand_times_as_much_it_waits_for_two_weeks_and_the_veto_stays() public {
        stakes(1_000_000 * CREDITS);
        fund(THIEF, 20_200 * CREDITS);
        propose();
        accept();
        queue();
        skip(2 days);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        execute();
        skip(12 days);
        // 22 days after it began even an unwatched attempt comes to nothing, whole.
        vm.expectRevert(
            abi.encodeWithSelector(ITimelock.RoleIsFixed.selector, timelock.CANCELLER_ROLE(), wiring.council)
        );
        execute();
        vm.assertFalse(timelock.hasRole(timelock.PROPOSER_ROLE(), THIEF));
    }

    function test_With_the_governor_s_role_alone_it_is_still_vetoed() public {
        stakes(1_000_000 * CREDITS);
        fund(THIEF, 10_100 * CREDITS);
        targets.pop();
        values.pop();
        calldatas.pop();
        propose();
        accept();
        queue();
        skip(14 days);
        execute();
        vm.assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), THIEF));
        bytes memory theft = abi.encodeCall(ITreasury.spend, (THIEF, TREASURE, ""));
        vm.prank(THIEF);
        timelock.schedule(wiring.treasury, 0, theft, 0, "theft", 2 days);
        bytes32 operation = timelock.hashOperation(wiring.treasury, 0, theft, 0, "theft");
        councilCalls(wiring.timelock, abi.encodeCall(TimelockController.cancel, (operation)));
        skip(2 days);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.execute(wiring.treasury, 0, theft, 0, "theft");
        vm.assertEq(treasury.funds(), TREASURE);
    }

    /// @dev What a vote spends it needs in votes: who takes an amount has as much at stake.
    function test_Nobody_spends_more_than_voters_have_at_stake() public {
        stakes(1_000_000 * CREDITS);
        clear();
        call(wiring.treasury, abi.encodeCall(ITreasury.spend, (THIEF, TREASURE, "")));
        vm.assertEq(governor.bondFor(targets, calldatas), 5_000_100 * CREDITS);
        fund(THIEF, 5_000_100 * CREDITS);
        propose();
        accept();
        vm.assertEq(governor.quorumOf(id), TREASURE);
        assertState(IGovernor.ProposalState.Defeated);
    }

    /// @dev The floor stands in the event too, so that every reader knows it.
    function test_The_floor_of_a_vote_is_told() public {
        stakes(100 * CREDITS);
        fund(THIEF, 10_100 * CREDITS);
        uint256 expected = governor.hashProposal(targets, values, calldatas, hash());
        vm.expectEmit(wiring.governor);
        emit IAgentGovernor.QuorumFloorFixed(expected, FLOOR);
        propose();
    }
}
