// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { GovernorCase } from "../governor/GovernorCase.sol";
import { vm } from "../Vm.sol";

/// @notice Row 42: three members of the council cancelled a unanimous vote to replace one of them, and every later one.
contract ACouncilCannotKeepItsSeatsTest is GovernorCase {
    address private constant SUCCESSOR = address(0xBEEF);

    function setUp() public override {
        super.setUp();
        fund(proposer, 100 * THOUSANDS);
        clear();
        call(wiring.council, abi.encodeCall(ICouncil.setMember, (0, SUCCESSOR)));
    }

    function approved(address target, bytes memory data) private {
        for (uint256 i; i < 3; ++i) {
            vm.prank(council()[i]);
            councilSeats.approve(target, data, "salt");
        }
    }

    function unanimous() private {
        propose();
        toVote();
        vote(proposer, IN_FAVOUR);
        vote(voter, IN_FAVOUR);
        vote(small, IN_FAVOUR);
        afterVote();
    }

    function test_A_council_cannot_keep_its_seats() public {
        bytes memory veto = abi.encodeCall(IGovernor.cancel, (targets, values, calldatas, hash()));
        unanimous();
        approved(wiring.governor, veto);
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.BeyondVeto.selector, id));
        councilSeats.execute(wiring.governor, veto, "salt");
        queue();
        bytes32 operation =
            timelock.hashOperationBatch(targets, values, calldatas, 0, bytes20(wiring.governor) ^ hash());
        approved(wiring.timelock, abi.encodeCall(TimelockController.cancel, (operation)));
        vm.expectRevert(abi.encodeWithSelector(ITimelock.OperationBeyondVeto.selector, operation));
        councilSeats.execute(wiring.timelock, abi.encodeCall(TimelockController.cancel, (operation)), "salt");
        skip(14 days);
        execute();
        vm.assertEq(councilSeats.memberAt(0), SUCCESSOR);
        vm.assertFalse(councilSeats.isMember(council()[0]));
    }

    /// @dev A theft that rides on a vote about a seat would be beyond the veto.
    function test_Nothing_is_smuggled_past_the_veto_beside_a_seat() public {
        call(wiring.treasury, abi.encodeCall(ITreasury.spend, (proposer, 1, "")));
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.SeatStandsAlone.selector, 0));
        propose();
        // Something that only looks like a seat is within the veto's reach.
        clear();
        call(wiring.treasury, abi.encodePacked(ICouncil.setMember.selector, abi.encode(0, SUCCESSOR)));
        propose();
        councilCancels();
        assertState(IGovernor.ProposalState.Canceled);
    }

    /// @dev The other way round: the majority of a day cannot take the veto with the seats either.
    function test_Three_seats_take_four_weeks() public {
        uint256 start = block.timestamp;
        for (uint8 seat; seat < 3; ++seat) {
            clear();
            description = vm.toString(uint256(seat));
            call(wiring.council, abi.encodeCall(ICouncil.setMember, (seat, address(uint160(0xBEE0 + seat)))));
            vm.warp(start);
            propose();
        }
        accept();
        for (uint8 seat; seat < 3; ++seat) {
            clear();
            description = vm.toString(uint256(seat));
            call(wiring.council, abi.encodeCall(ICouncil.setMember, (seat, address(uint160(0xBEE0 + seat)))));
            id = governor.hashProposal(targets, values, calldatas, hash());
            if (seat < 2) {
                toVote();
                vote(proposer, IN_FAVOUR);
                afterVote();
            }
            queue();
        }
        skip(14 days);
        for (uint8 seat; seat < 3; ++seat) {
            clear();
            description = vm.toString(uint256(seat));
            call(wiring.council, abi.encodeCall(ICouncil.setMember, (seat, address(uint160(0xBEE0 + seat)))));
            execute();
            if (seat == 2) break;
            vm.expectPartialRevert(ICouncil.SeatsRest.selector);
            vm.prank(wiring.timelock);
            councilSeats.setMember(4, SUCCESSOR);
            skip(14 days);
        }
        vm.assertGe(block.timestamp, start + (1 + 7 + 14 + 28) * 1 days);
    }
}
