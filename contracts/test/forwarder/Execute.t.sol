// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { vm } from "../Vm.sol";
import { Relaying } from "./Relaying.sol";

contract ForwarderExecuteTest is Relaying {
    uint256 private constant KEY = 0xA6E;
    address private agentOwner = vm.addr(KEY);

    function test_A_signed_request_withdraws_for_its_signer() public {
        fund(agentOwner, 100);
        vm.expectEmit(wiring.forwarder);
        emit ERC2771Forwarder.ExecutedForwardRequest(agentOwner, 0, true);
        relay(KEY, wiring.vault, abi.encodeCall(IVault.withdraw, (40, agentOwner)));
        vm.assertEq(credit.balanceOf(agentOwner), 40);
        vm.assertEq(creditOf(agentOwner), 60);
    }

    function test_A_signed_request_opens_a_channel_as_its_signer() public {
        fund(agentOwner, 100);
        bytes memory data = abi.encodeCall(IChannels.open, (address(7), agentOwner, 50, 1 hours, GENESIS_TIME + 1 days));
        relay(KEY, wiring.channels, data);
        vm.assertEq(channels.channelOf(1).payer, agentOwner);
    }

    function test_A_signed_request_votes_as_its_signer() public {
        newAgent(agentOwner, 1_000 * CREDITS);
        fund(agentOwner, 100 * CREDITS);
        skip(1);
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = wiring.directory;
        relay(KEY, wiring.governor, abi.encodeCall(governor.propose, (targets, values, calldatas, "relayed")));
        uint256 id = governor.hashProposal(targets, values, calldatas, keccak256("relayed"));
        vm.assertEq(governor.proposalProposer(id), agentOwner);
        vm.warp(governor.proposalSnapshot(id) + 1);
        relay(KEY, wiring.governor, abi.encodeCall(governor.castVote, (id, 1)));
        vm.assertTrue(governor.hasVoted(id, agentOwner));
    }

    function test_A_request_is_used_once() public {
        fund(agentOwner, 100);
        ERC2771Forwarder.ForwardRequestData memory asked =
            request(KEY, wiring.vault, abi.encodeCall(IVault.withdraw, (40, agentOwner)));
        ERC2771Forwarder(wiring.forwarder).execute(asked);
        vm.expectPartialRevert(ERC2771Forwarder.ERC2771ForwarderInvalidSigner.selector);
        ERC2771Forwarder(wiring.forwarder).execute(asked);
    }

    function test_A_sender_written_at_the_end_counts_from_the_forwarder_alone() public {
        fund(agentOwner, 100);
        bytes memory data = abi.encodeCall(IVault.withdraw, (40, address(this)));
        (bool done,) = wiring.vault.call(abi.encodePacked(data, agentOwner));
        vm.assertFalse(done);
        vm.assertEq(creditOf(agentOwner), 100);
    }
}
