// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract TransferTest is Agents {
    address internal owner = address(0xA11CE);
    address internal buyer = address(0xB0B);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 50 * CREDITS);
    }

    function test_A_transfer_clears_the_wallet_and_moves_the_votes() public {
        skip(100);
        vm.expectEmit(wiring.agentRegistry);
        emit IERC721.Transfer(owner, buyer, agentId);
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.MetadataSet(agentId, "agentWallet", "agentWallet", "");
        vm.prank(owner);
        registry.transferFrom(owner, buyer, agentId);
        vm.assertEq(registry.ownerOf(agentId), buyer);
        vm.assertEq(registry.ownerSince(agentId), block.timestamp);
        vm.assertEq(registry.getAgentWallet(agentId), address(0));
        vm.assertFalse(registry.mayAct(agentId, owner));
        vm.assertEq(stake.getVotes(owner), 0);
        vm.assertEq(stake.getVotes(buyer), 50 * CREDITS);
    }

    function test_An_agent_without_a_wallet_is_transferred_silently() public {
        vm.startPrank(owner);
        registry.unsetAgentWallet(agentId);
        registry.transferFrom(owner, buyer, agentId);
        vm.assertEq(registry.ownerOf(agentId), buyer);
    }

    function test_Owner_operator_approved_and_wallet_may_act() public {
        vm.startPrank(owner);
        registry.approve(address(0xAA), agentId);
        registry.setApprovalForAll(address(0xBB), true);
        vm.stopPrank();
        vm.assertTrue(registry.mayAct(agentId, owner));
        vm.assertTrue(registry.mayAct(agentId, address(0xAA)));
        vm.assertTrue(registry.mayAct(agentId, address(0xBB)));
        vm.assertFalse(registry.mayAct(agentId, address(0xCC)));
        vm.assertFalse(registry.mayAct(99, owner));
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(0xCC)));
        registry.requireActor(agentId, address(0xCC));
    }
}
