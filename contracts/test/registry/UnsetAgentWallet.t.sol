// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract UnsetAgentWalletTest is Agents {
    address internal owner = address(0xA11CE);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function test_A_wallet_is_unset() public {
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.MetadataSet(agentId, "agentWallet", "agentWallet", "");
        vm.prank(owner);
        registry.unsetAgentWallet(agentId);
        vm.assertEq(registry.getAgentWallet(agentId), address(0));
        vm.assertEq(registry.getMetadata(agentId, "agentWallet"), "");
        vm.assertFalse(registry.mayAct(agentId, address(0)));
    }

    function test_A_stranger_unsets_no_wallet() public {
        address wallet = registry.getAgentWallet(agentId);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        registry.unsetAgentWallet(agentId);
        vm.assertEq(registry.getAgentWallet(agentId), wallet);
    }
}
