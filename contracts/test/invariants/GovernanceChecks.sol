// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { vm } from "../Vm.sol";
import { Ops } from "./Ops.sol";

/// @title Three stakers, what they propose, and what must hold between any two calls.
abstract contract GovernanceChecks is Commons, Ops {
    /// What a proposal asks for, so that the handler knows whether the rules will carry it out.
    uint256 internal constant QUORUM = 0;
    uint256 internal constant DELAY = 1;
    uint256 internal constant SEAT = 2;
    uint256 internal constant SPEND = 3;

    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        bytes32 hash;
        uint256 id;
        uint256 kind;
        uint256 asked;
    }

    address[3] internal voters = [address(0xA1), address(0xA2), address(0xA3)];
    Proposal[] internal proposals;

    function setUp() public virtual override(Commons, Economy) {
        Commons.setUp();
        for (uint256 i; i < 3; ++i) {
            newAgent(voters[i], 600_000 * (1 + i) * CREDITS);
            fund(voters[i], 2_000_000 * CREDITS);
        }
        skip(1);
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.governor);
        assertDebits(wiring.treasury);
        assertDebits(wiring.stake);
    }

    /// @notice Votes are the free stake; a proposal holds its bond until its end and nothing after its release.
    function assertVotes() external view {
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(stake.getVotes(voters[i]), stakeBalance(i + 1), "votes and stake");
            sum += stakeBalance(i + 1);
        }
        if (block.timestamp != GENESIS_TIME) {
            vm.assertLe(stake.getPastTotalSupply(block.timestamp - 1), sum + 3_000_000 * CREDITS, "the past's votes");
        }
        for (uint256 i; i < proposals.length; ++i) {
            Proposal storage p = proposals[i];
            uint256 bond = governor.bondFor(p.targets, p.calldatas);
            uint256 held = balance(Accounts.proposal(p.id));
            vm.assertTrue(held == 0 || held == bond, "bond of a proposal");
            bool running = uint256(governor.state(p.id)) <= uint256(IGovernor.ProposalState.Active);
            if (running) vm.assertEq(held, bond, "bond of a proposal that runs");
            vm.assertGe(governor.expiryOf(p.id), governor.proposalDeadline(p.id), "a decision's life");
        }
        uint256 quorum = parameters.get(Keys.QUORUM_VOTES);
        vm.assertTrue(quorum >= 200 && quorum <= 2_000, "bounds hold whatever is voted");
        vm.assertTrue(timelock.getMinDelay() >= 1 days && timelock.getMinDelay() <= 30 days, "delay");
    }
}
