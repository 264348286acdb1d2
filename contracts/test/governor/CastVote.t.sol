// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { INonces } from "../../src/interfaces/INonces.sol";
import { vm } from "../Vm.sol";
import { GovernorCase } from "./GovernorCase.sol";

contract GovernorCastVoteTest is GovernorCase {
    function test_Votes_are_the_stake_at_the_snapshot() public {
        propose();
        toVote();
        newAgent(address(0x1A7E), 5_000 * CREDITS);
        vm.expectEmit(wiring.governor);
        emit IGovernor.VoteCast(voter, id, IN_FAVOUR, 600 * THOUSANDS, "");
        vote(voter, IN_FAVOUR);
        vote(address(0x1A7E), AGAINST);
        vote(small, ABSTAIN);
        (uint256 against, uint256 inFavour, uint256 abstaining) = governor.proposalVotes(id);
        vm.assertEq(against, 0);
        vm.assertEq(inFavour, 600 * THOUSANDS);
        vm.assertEq(abstaining, 400 * THOUSANDS);
        vm.assertTrue(governor.hasVoted(id, voter));
    }

    function test_Nobody_votes_twice_or_outside_the_period() public {
        propose();
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        vote(voter, IN_FAVOUR);
        toVote();
        vote(voter, IN_FAVOUR);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, voter));
        vote(voter, AGAINST);
        afterVote();
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        vote(small, IN_FAVOUR);
    }

    function test_A_vote_by_signature_tells_its_nonce() public {
        propose();
        toVote();
        (, string memory name, string memory version, uint256 chain, address place,,) = governor.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chain,
                place
            )
        );
        bytes32 ballot = keccak256(abi.encode(governor.BALLOT_TYPEHASH(), id, IN_FAVOUR, voter, 0));
        bytes memory signature = sign(VOTER_KEY, keccak256(abi.encodePacked(hex"1901", domain, ballot)));
        vm.expectEmit(wiring.governor);
        emit INonces.NonceUsed(voter, 0);
        vm.expectEmit(wiring.governor);
        emit IGovernor.VoteCast(voter, id, IN_FAVOUR, 600 * THOUSANDS, "");
        governor.castVoteBySig(id, IN_FAVOUR, voter, signature);
        vm.assertEq(governor.nonces(voter), 1);
    }

    function test_The_clock_is_the_timestamp() public view {
        vm.assertEq(uint256(governor.clock()), block.timestamp);
        vm.assertEq(governor.CLOCK_MODE(), "mode=timestamp");
        vm.assertEq(governor.name(), "EventSourced Governor");
        vm.assertTrue(governor.proposalNeedsQueuing(1));
        vm.assertEq(governor.timelock(), wiring.timelock);
    }
}
