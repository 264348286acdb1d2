// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { IAgentRegistry, MetadataEntry } from "../../src/interfaces/IAgentRegistry.sol";
import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Breaker } from "../../src/Breaker.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract RegisterTest is Agents {
    address internal owner = address(0xA11CE);

    function test_An_agent_is_registered_with_owner_wallet_and_file() public {
        vm.expectEmit(wiring.agentRegistry);
        emit IERC721.Transfer(address(0), owner, 1);
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.Registered(1, "ipfs://card", owner);
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.MetadataSet(1, "agentWallet", "agentWallet", abi.encodePacked(owner));
        vm.prank(owner);
        vm.assertEq(registry.register("ipfs://card"), 1);
        vm.assertEq(registry.ownerOf(1), owner);
        vm.assertEq(registry.getAgentWallet(1), owner);
        vm.assertEq(registry.tokenURI(1), "ipfs://card");
        vm.assertEq(registry.statusOf(1), 1);
        vm.assertTrue(registry.isActive(1));
        vm.assertEq(registry.ownerSince(1), block.timestamp);
        vm.assertEq(registry.locksOf(1), 0);
        vm.assertEq(registry.agentCount(), 1);
        vm.assertEq(registry.getMetadata(1, "agentWallet"), abi.encodePacked(owner));
    }

    function test_An_agent_is_registered_with_metadata() public {
        MetadataEntry[] memory entries = new MetadataEntry[](2);
        entries[0] = MetadataEntry("did", "did:web:agent");
        entries[1] = MetadataEntry("price", hex"05");
        vm.expectEmit(wiring.agentRegistry);
        emit IAgentRegistry.MetadataSet(1, "price", "price", hex"05");
        vm.prank(owner);
        registry.register("ipfs://card", entries);
        vm.assertEq(registry.getMetadata(1, "did"), "did:web:agent");
        vm.assertEq(registry.getMetadata(1, "price"), hex"05");
    }

    function test_Metadata_at_registration_cannot_name_the_wallet() public {
        MetadataEntry[] memory entries = new MetadataEntry[](1);
        entries[0] = MetadataEntry("agentWallet", abi.encodePacked(address(1)));
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.ReservedKey.selector, "agentWallet"));
        registry.register("", entries);
    }

    function test_Ids_are_counted_from_one() public {
        vm.startPrank(owner);
        vm.assertEq(registry.register(), 1);
        vm.assertEq(registry.register(), 2);
        vm.assertEq(registry.tokenURI(2), "");
    }

    function test_A_relayed_registration_belongs_to_the_signer() public {
        vm.prank(wiring.forwarder);
        (bool done,) = wiring.agentRegistry.call(abi.encodePacked(abi.encodeWithSignature("register()"), owner));
        vm.assertTrue(done);
        vm.assertEq(registry.ownerOf(1), owner);
    }

    function test_A_tripped_breaker_refuses_registrations() public {
        vm.prank(guardian);
        Breaker(wiring.breaker).trip("agentRegistry", 1, 1 hours, "test");
        uint64 until = uint64(block.timestamp + 1 hours);
        bytes memory refusal = abi.encodeWithSelector(IBreaker.Tripped.selector, bytes32("agentRegistry"), 1, until);
        vm.expectRevert(refusal);
        registry.register();
        vm.expectRevert(refusal);
        registry.register("ipfs://card");
        vm.expectRevert(refusal);
        registry.register("ipfs://card", new MetadataEntry[](0));
    }

    function test_The_registry_tells_what_it_is() public view {
        vm.assertEq(registry.name(), "EventSourced Agents");
        vm.assertEq(registry.symbol(), "AGENT");
        vm.assertTrue(registry.supportsInterface(type(IERC721).interfaceId));
    }
}
