// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC721Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { IERC165 } from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import { Agents } from "../Agents.sol";
import { vm } from "../Vm.sol";

contract IsAuthorizedOrOwnerTest is Agents {
    address internal owner = address(0xA11CE);

    function test_The_owner_and_whom_it_approved_are_authorized() public {
        uint256 agentId = newAgent(owner, 0);
        vm.assertTrue(registry.isAuthorizedOrOwner(owner, agentId));
        vm.assertFalse(registry.isAuthorizedOrOwner(address(5), agentId));
        vm.startPrank(owner);
        IERC721(wiring.agentRegistry).approve(address(5), agentId);
        IERC721(wiring.agentRegistry).setApprovalForAll(address(6), true);
        vm.stopPrank();
        vm.assertTrue(registry.isAuthorizedOrOwner(address(5), agentId));
        vm.assertTrue(registry.isAuthorizedOrOwner(address(6), agentId));
    }

    function test_An_unknown_agent_has_nobody() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 77));
        registry.isAuthorizedOrOwner(owner, 77);
    }

    function test_The_registry_says_which_standards_it_speaks() public view {
        vm.assertEq(registry.getVersion(), "2.0.0");
        IERC165 asked = IERC165(wiring.agentRegistry);
        vm.assertTrue(asked.supportsInterface(0x49064906), "ERC-4906");
        vm.assertTrue(asked.supportsInterface(type(IERC721).interfaceId));
        vm.assertFalse(asked.supportsInterface(0xffffffff));
    }
}
