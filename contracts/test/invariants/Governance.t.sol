// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { IStake } from "../../src/interfaces/IStake.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { GovernanceDriver } from "../GovernanceDriver.sol";
import { vm } from "../Vm.sol";
import { Watch } from "./Watch.sol";

/// @notice Proposals, votes, spends and their bonds, with the guardians tripping the breaker in between.
contract GovernanceHandler is GovernanceDriver, Watch {
    mapping(bytes4 selector => uint256) private _reached;
    uint256 private _random;
    uint64 private _lastMoved;

    function setUp() public override(Commons, Economy) { }

    function prepare() external {
        vm.recordLogs();
        Commons.setUp();
        seatVoters();
        install();
        watch();
    }

    function dice(uint256 sides) internal override returns (uint256) {
        _random = uint256(keccak256(abi.encode(_random)));
        return (_random >> 16) % sides;
    }

    function attempt(address who, address target, bytes memory data) internal override returns (bool done) {
        watch();
        done = super.attempt(who, target, data);
        if (done) ++_reached[bytes4(data)];
        else overlook();
    }

    function act(uint256 seed) external {
        vm.recordLogs();
        _random = uint256(keccak256(abi.encode(seed)));
        uint256 action = dice(8);
        if (action == 0) breakerStep();
        else if (action == 1) stakeStep();
        else governStep();
        watch();
    }

    function count(bytes4 selector) external view returns (uint256) {
        return _reached[selector];
    }

    function assertLeastPrivilege() external view {
        assertDebits(wiring.governor);
        assertDebits(wiring.treasury);
        assertDebits(wiring.stake);
    }

    /// @notice Whatever is tripped, a holder takes its money out.
    function breakerStep() private {
        bytes32 scope = dice(2) == 0 ? bytes32(0) : bytes32("stake");
        uint64 asked = uint64(block.timestamp - dice(9 days));
        uint64 before = breaker.shifted(scope, asked);
        if (dice(4) == 0) {
            attempt(wiring.council, wiring.breaker, abi.encodeCall(IBreaker.reset, (scope)));
            return;
        }
        bytes memory data =
            abi.encodeCall(IBreaker.trip, (scope, uint8(1 + dice(2)), uint64(1 + dice(72 hours)), "why"));
        attempt(guardian, wiring.breaker, data);
        uint64 moved = breaker.shifted(scope, asked);
        vm.assertGe(moved, before, "a trip never takes a shift back");
        if (before < block.timestamp) vm.assertEq(moved, before, "what has passed stays passed");
        vm.assertLe(moved, asked + 2 * 78 hours, "nobody's time is taken for long");
        vm.assertTrue(
            attempt(voters[0], wiring.vault, abi.encodeCall(IVault.withdraw, (1, voters[0]))),
            "a withdrawal is never blocked"
        );
    }

    function stakeStep() private {
        uint256 i = dice(3);
        bytes memory data = dice(2) == 0
            ? abi.encodeCall(IStake.bond, (i + 1, 1 + dice(100_000 * CREDITS)))
            : abi.encodeCall(IStake.unbond, (i + 1, 1 + dice(20_000 * CREDITS)));
        attempt(voters[i], wiring.stake, data);
        data = abi.encodeCall(IStake.release, (1 + dice(stake.unbondingCount() + 1)));
        attempt(voters[i], wiring.stake, data);
    }

    /// @notice Votes are the free stake; a proposal holds its bond until its end and nothing after its release.
    function assertVotes() external view {
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(stake.getVotes(voters[i]), stakeBalance(i + 1), "votes and stake");
            sum += stakeBalance(i + 1);
        }
        if (block.timestamp != GENESIS_TIME) {
            vm.assertLe(stake.getPastTotalSupply(block.timestamp - 1), sum + 3_000_000 * CREDITS);
        }
        for (uint256 i; i < proposals.length; ++i) {
            Proposal storage p = proposals[i];
            bytes32 hash = keccak256(bytes(p.description));
            uint256 id = governor.hashProposal(p.targets, p.values, p.calldatas, hash);
            uint256 bond = governor.bondFor(p.targets, p.calldatas);
            uint256 held = balance(Accounts.proposal(id));
            vm.assertTrue(held == 0 || held == bond, "bond of a proposal");
            bool running = uint256(governor.state(id)) <= uint256(IGovernor.ProposalState.Active);
            if (running) vm.assertEq(held, bond, "bond of a proposal that runs");
            vm.assertGe(governor.expiryOf(id), governor.proposalDeadline(id), "a decision's life");
        }
        uint256 quorum = parameters.get(Keys.QUORUM_VOTES);
        vm.assertTrue(quorum >= 200 && quorum <= 2_000, "bounds hold whatever is voted");
        vm.assertTrue(timelock.getMinDelay() >= 1 days && timelock.getMinDelay() <= 30 days, "delay");
    }
}

contract GovernanceInvariants {
    bool public constant IS_TEST = true;
    GovernanceHandler private handler;

    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        handler = new GovernanceHandler();
        handler.prepare();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (Selectors[] memory chosen) {
        chosen = new Selectors[](1);
        bytes4[] memory all = new bytes4[](1);
        all[0] = GovernanceHandler.act.selector;
        chosen[0] = Selectors(address(handler), all);
    }

    /// @dev One walk for all: a walk of its own for each invariant would be the same walk again.
    function invariant_Accounts_agree_and_votes_bonds_and_bounds_hold() public view {
        handler.assertConserved();
        handler.assertBonded();
        handler.assertVotes();
    }

    function test_The_handler_reaches_every_state() public {
        for (uint256 i; i < 2_000; ++i) {
            handler.act(uint256(keccak256(abi.encode("reach", i))));
        }
        bytes4[10] memory all = [
            IGovernor.propose.selector,
            IGovernor.castVote.selector,
            IGovernor.queue.selector,
            IGovernor.execute.selector,
            IGovernor.cancel.selector,
            IAgentGovernor.releaseBond.selector,
            IBreaker.trip.selector,
            IBreaker.reset.selector,
            IStake.unbond.selector,
            IStake.release.selector
        ];
        for (uint256 i; i < 10; ++i) {
            vm.assertGt(handler.count(all[i]), 0, vm.toString(bytes32(all[i])));
        }
        handler.assertConserved();
        handler.assertVotes();
        handler.assertLeastPrivilege();
    }
}
