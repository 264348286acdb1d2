// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { IStake } from "../../src/interfaces/IStake.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { GovernorCase } from "../governor/GovernorCase.sol";
import { Relaying } from "../forwarder/Relaying.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";
import { HostileReceiver, HostileToken, Strike } from "./Hostile.sol";

/// @notice What gives control to a stranger while money is decided on: relayed requests, decisions, agents changing hands.
contract CallersReentrancyTest is GovernorCase, Relaying {
    uint256 private constant KEY = 0xF0;

    HostileReceiver private hostile;

    function setUp() public override(Commons, GovernorCase) {
        GovernorCase.setUp();
        hostile = new HostileReceiver();
    }

    function once(address who, address target, bytes memory data) private pure returns (Strike[] memory one) {
        one = new Strike[](1);
        one[0] = Strike(who, target, data);
    }

    function test_A_relayed_request_is_not_relayed_again_from_within() public {
        ERC2771Forwarder.ForwardRequestData memory asked = request(KEY, address(hostile), "");
        bytes memory again = abi.encodeCall(ERC2771Forwarder.execute, (asked));
        hostile.load(once(address(hostile), wiring.forwarder, again));
        ERC2771Forwarder(wiring.forwarder).execute(asked);
        vm.assertEq(hostile.calls(), 1);
        vm.assertEq(hostile.successes(), 0);
    }

    function test_A_relayed_withdrawal_happens_once() public {
        address holder = vm.addr(KEY);
        fund(holder, 100 * CREDITS);
        HostileToken original = new HostileToken();
        vm.etch(wiring.credit, address(original).code);
        ERC2771Forwarder.ForwardRequestData memory asked =
            request(KEY, wiring.vault, abi.encodeCall(IVault.withdraw, (10 * CREDITS, holder)));
        HostileToken(wiring.credit)
            .load(once(holder, wiring.forwarder, abi.encodeCall(ERC2771Forwarder.execute, (asked))));
        ERC2771Forwarder(wiring.forwarder).execute(asked);
        HostileToken token = HostileToken(wiring.credit);
        vm.assertEq(token.calls(), 2);
        vm.assertEq(token.successes(), 0);
        vm.assertEq(creditOf(holder), 90 * CREDITS);
        vm.assertEq(token.moved(holder), int256(10 * CREDITS));
    }

    /// @dev The spend, the stranger, the spend again: what the proposal's targets are.
    function spendAroundAStranger() private {
        clear();
        spend(100 * CREDITS);
        call(address(hostile), "");
        spend(100 * CREDITS);
    }

    function test_A_decision_entered_again_through_the_timelock_undoes_itself_altogether() public {
        spendAroundAStranger();
        bytes32 salt = "salt";
        vm.prank(wiring.governor);
        timelock.scheduleBatch(targets, values, calldatas, 0, salt, 2 days);
        skip(2 days);
        bytes memory again =
            abi.encodeCall(TimelockController.executeBatch, (targets, values, calldatas, bytes32(0), salt));
        hostile.load(once(address(hostile), wiring.timelock, again));
        uint256 funds = treasury.funds();
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.executeBatch(targets, values, calldatas, 0, salt);
        vm.assertEq(treasury.funds(), funds);
        // A stranger that behaves lets it pass, once.
        hostile.load(new Strike[](0));
        timelock.executeBatch(targets, values, calldatas, 0, salt);
        vm.assertEq(treasury.funds(), funds - 200 * CREDITS);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.executeBatch(targets, values, calldatas, 0, salt);
    }

    function test_A_single_decision_entered_again_through_the_timelock_undoes_itself() public {
        bytes32 id_ = timelock.hashOperation(address(hostile), 0, "", 0, "salt");
        vm.prank(wiring.governor);
        timelock.schedule(address(hostile), 0, "", 0, "salt", 2 days);
        skip(2 days);
        bytes memory again =
            abi.encodeCall(TimelockController.execute, (address(hostile), 0, "", bytes32(0), bytes32("salt")));
        hostile.load(once(address(hostile), wiring.timelock, again));
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.execute(address(hostile), 0, "", 0, "salt");
        vm.assertTrue(timelock.isOperationReady(id_));
    }

    function decided() private {
        spendAroundAStranger();
        propose();
        accept();
        queue();
        skip(2 days);
    }

    function test_A_proposal_is_not_executed_again_from_within() public {
        decided();
        bytes memory again = abi.encodeCall(IGovernor.execute, (targets, values, calldatas, hash()));
        hostile.load(once(address(hostile), wiring.governor, again));
        uint256 funds = treasury.funds();
        execute();
        vm.assertEq(hostile.calls(), 1);
        vm.assertEq(hostile.successes(), 0);
        vm.assertEq(treasury.funds(), funds - 200 * CREDITS);
        vm.assertEq(creditOf(grantee), 200 * CREDITS);
    }

    function test_A_bond_comes_back_once_even_from_within() public {
        decided();
        uint256 bond = held();
        uint256 had = creditOf(proposer);
        bytes memory release = abi.encodeCall(IAgentGovernor.releaseBond, (id));
        hostile.load(once(address(hostile), wiring.governor, release));
        execute();
        vm.assertEq(hostile.successes(), 1);
        vm.assertEq(creditOf(proposer), had + bond);
        vm.assertEq(held(), 0);
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.NoBond.selector, id));
        governor.releaseBond(id);
    }

    function test_The_council_gives_no_stranger_control() public {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.TargetNotGranted.selector, address(hostile)));
        vm.prank(council()[0]);
        councilSeats.approve(address(hostile), "", "salt");
    }

    function test_The_treasury_obeys_the_timelock_alone_even_from_within() public {
        decided();
        bytes memory more = abi.encodeCall(ITreasury.spend, (address(hostile), CREDITS, "more"));
        hostile.load(once(address(hostile), wiring.treasury, more));
        execute();
        vm.assertEq(hostile.successes(), 0);
        vm.assertEq(creditOf(address(hostile)), 0);
    }

    /// @dev The receiver of an agent has it already: whatever it does with it, votes and stake stay in step.
    function test_A_receiver_of_an_agent_may_pass_it_on_and_votes_follow() public {
        uint256 agentId = newAgent(address(0xA1), 300 * CREDITS);
        Strike[] memory strikes = new Strike[](3);
        strikes[0] = Strike(address(hostile), wiring.stake, abi.encodeCall(IStake.unbond, (agentId, 100 * CREDITS)));
        strikes[1] = Strike(
            address(hostile),
            wiring.agentRegistry,
            abi.encodeCall(IERC721.transferFrom, (address(hostile), address(0xA2), agentId))
        );
        // Too late: the agent is another's now.
        strikes[2] = Strike(address(hostile), wiring.stake, abi.encodeCall(IStake.unbond, (agentId, 100 * CREDITS)));
        hostile.load(strikes);
        vm.prank(address(0xA1));
        IERC721(wiring.agentRegistry).safeTransferFrom(address(0xA1), address(hostile), agentId);
        vm.assertEq(hostile.successes(), 2);
        vm.assertEq(registry.ownerOf(agentId), address(0xA2));
        vm.assertEq(stakeBalance(agentId), 200 * CREDITS);
        vm.assertEq(stake.getVotes(address(0xA1)) + stake.getVotes(address(hostile)), 0);
        vm.assertEq(stake.getVotes(address(0xA2)), 200 * CREDITS);
        vm.assertEq(balance(Accounts.unbonding(1)), 100 * CREDITS);
    }
}
