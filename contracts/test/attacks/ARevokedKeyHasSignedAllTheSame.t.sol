// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Delivery, Receipts } from "../../src/libraries/Receipts.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 62: an agent signs two results of one task, and before anybody proves it takes the wallet away that signed:
///         the proof was checked against who may act now, so it was void.
contract ARevokedKeyHasSignedAllTheSameTest is Courtroom {
    uint256 internal constant WALLET = 0xA11E7;
    uint256 internal constant OPERATOR = 0x09E2;

    function signature(Delivery memory delivery, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, court.clerk().deliveryDigestOf(delivery));
        return abi.encodePacked(r, s, v);
    }

    function twice(uint256 taskId, uint256 key, uint256 otherKey) internal view returns (bytes memory) {
        Delivery memory one = Delivery(taskId, keccak256("one"), keccak256("receipt"));
        Delivery memory two = Delivery(taskId, keccak256("two"), keccak256("receipt"));
        return abi.encodePacked(
            Receipts.TWO_SIGNATURES, abi.encode(one, signature(one, key), two, signature(two, otherKey))
        );
    }

    function setWallet(uint256 key) internal {
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
                makerId,
                vm.addr(key),
                maker,
                block.timestamp + 60
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, message)));
        vm.prank(maker);
        registry.setAgentWallet(makerId, vm.addr(key), block.timestamp + 60, abi.encodePacked(r, s, v));
    }

    function prove(uint256 taskId, bytes memory proof) internal {
        vm.prank(watcher);
        court.prove(taskId, watcherId, proof);
    }

    function test_A_wallet_that_was_unset_has_signed_all_the_same() public {
        setWallet(WALLET);
        uint256 taskId = submitted();
        bytes memory proof = twice(taskId, WALLET, WALLET);
        skip(1);
        vm.prank(maker);
        registry.unsetAgentWallet(makerId);
        vm.assertFalse(registry.mayAct(makerId, vm.addr(WALLET)));
        uint256 had = creditOf(watcher);
        prove(taskId, proof);
        vm.assertEq(creditOf(watcher), had + 60 * CREDITS);
    }

    function test_A_wallet_that_was_replaced_has_signed_all_the_same() public {
        setWallet(WALLET);
        uint256 taskId = submitted();
        skip(1);
        setWallet(WALLET + 1);
        prove(taskId, twice(taskId, WALLET, WALLET + 1));
        vm.assertEq(reputation.strikesOf(makerId), 1);
    }

    function test_An_operator_that_was_dismissed_has_signed_all_the_same() public {
        vm.prank(maker);
        registry.setApprovalForAll(vm.addr(OPERATOR), true);
        uint256 taskId = submitted();
        skip(1);
        vm.startPrank(maker);
        registry.setApprovalForAll(vm.addr(OPERATOR), false);
        registry.approve(vm.addr(OPERATOR + 1), makerId);
        skip(1);
        registry.approve(address(0), makerId);
        vm.stopPrank();
        prove(taskId, twice(taskId, OPERATOR, OPERATOR + 1));
        vm.assertEq(reputation.strikesOf(makerId), 1);
    }

    /// @dev Whose key was gone before the task was taken signed nothing in its name.
    function test_A_key_of_former_days_signs_nothing() public {
        setWallet(WALLET);
        skip(1);
        vm.prank(maker);
        registry.unsetAgentWallet(makerId);
        skip(1);
        uint256 taskId = submitted();
        bytes memory proof = twice(taskId, WALLET, WALLET);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotProven.selector, taskId));
        prove(taskId, proof);
    }
}
