// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract SetAgentURITest is Agents {
    address internal owner = address(0xA11CE);

    function test_The_owner_moves_the_file() public {
        uint256 agentId = newAgent(owner, 0);
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.URIUpdated(agentId, "ipfs://new", owner);
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.MetadataUpdate(agentId);
        vm.prank(owner);
        registry.setAgentURI(agentId, "ipfs://new");
        vm.assertEq(registry.tokenURI(agentId), "ipfs://new");
    }

    function test_A_stranger_is_refused() public {
        uint256 agentId = newAgent(owner, 0);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        registry.setAgentURI(agentId, "ipfs://new");
    }
}
