// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IERC721Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract SetMetadataTest is Agents {
    address internal owner = address(0xA11CE);
    address internal stranger = address(0xBAD);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function test_The_owner_sets_a_value() public {
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.MetadataSet(agentId, "capabilities", "capabilities", "translate");
        vm.prank(owner);
        registry.setMetadata(agentId, "capabilities", "translate");
        vm.assertEq(registry.getMetadata(agentId, "capabilities"), "translate");
    }

    function test_An_operator_sets_a_value() public {
        vm.prank(owner);
        registry.setApprovalForAll(stranger, true);
        vm.prank(stranger);
        registry.setMetadata(agentId, "endpoint", "https://agent");
        vm.assertEq(registry.getMetadata(agentId, "endpoint"), "https://agent");
    }

    function test_The_reserved_key_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.ReservedKey.selector, "agentWallet"));
        vm.prank(owner);
        registry.setMetadata(agentId, "agentWallet", abi.encodePacked(stranger));
    }

    function test_A_stranger_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, stranger));
        vm.prank(stranger);
        registry.setMetadata(agentId, "did", "x");
    }

    function test_An_unknown_agent_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 99));
        registry.setMetadata(99, "did", "x");
    }
}
