// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract SetAgentWalletTest is Agents {
    uint256 internal constant KEY = 0xBEEF;
    address internal owner = address(0xA11CE);
    address internal wallet = vm.addr(KEY);
    uint256 internal agentId;

    function setUp() public override {
        super.setUp();
        agentId = newAgent(owner, 0);
    }

    function signature(address newWallet, address ofOwner, uint256 deadline) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ERC8004IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                wiring.agentRegistry
            )
        );
        bytes32 message = keccak256(
            abi.encode(
                keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)"),
                agentId,
                newWallet,
                ofOwner,
                deadline
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", domain, message)));
        return abi.encodePacked(r, s, v);
    }

    function test_A_wallet_that_signed_acts_for_the_agent() public {
        uint256 deadline = block.timestamp + 60;
        bytes memory signed = signature(wallet, owner, deadline);
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.MetadataSet(agentId, "agentWallet", "agentWallet", abi.encodePacked(wallet));
        vm.prank(owner);
        registry.setAgentWallet(agentId, wallet, deadline, signed);
        vm.assertEq(registry.getAgentWallet(agentId), wallet);
        vm.assertTrue(registry.mayAct(agentId, wallet));
    }

    function test_A_wallet_cannot_change_the_registration() public {
        test_A_wallet_that_signed_acts_for_the_agent();
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, wallet));
        vm.prank(wallet);
        registry.unsetAgentWallet(agentId);
    }

    function test_A_signature_for_another_owner_is_refused() public {
        uint256 deadline = block.timestamp + 60;
        bytes memory signed = signature(wallet, address(0xB0B), deadline);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.InvalidWalletSignature.selector, wallet));
        vm.prank(owner);
        registry.setAgentWallet(agentId, wallet, deadline, signed);
    }

    function test_A_wallet_that_did_not_sign_is_refused() public {
        uint256 deadline = block.timestamp + 60;
        bytes memory signed = signature(address(0xB0B), owner, deadline);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.InvalidWalletSignature.selector, address(0xB0B)));
        vm.prank(owner);
        registry.setAgentWallet(agentId, address(0xB0B), deadline, signed);
    }

    function test_A_late_signature_is_refused() public {
        uint256 deadline = block.timestamp - 1;
        bytes memory signed = signature(wallet, owner, deadline);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.SignatureExpired.selector, deadline, block.timestamp));
        vm.prank(owner);
        registry.setAgentWallet(agentId, wallet, deadline, signed);
    }

    function test_A_signature_for_the_far_future_is_refused() public {
        uint256 deadline = block.timestamp + 301;
        bytes memory signed = signature(wallet, owner, deadline);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.DeadlineTooFar.selector, deadline, block.timestamp + 300));
        vm.prank(owner);
        registry.setAgentWallet(agentId, wallet, deadline, signed);
    }

    function test_Nobody_is_no_wallet() public {
        vm.expectRevert(IAgentRegistry.ZeroWallet.selector);
        vm.prank(owner);
        registry.setAgentWallet(agentId, address(0), block.timestamp, "");
    }

    function test_A_stranger_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agentId, address(this)));
        registry.setAgentWallet(agentId, wallet, block.timestamp, "");
    }
}
