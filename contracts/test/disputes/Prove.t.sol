// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, Dispute, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Domains } from "../../src/libraries/Domains.sol";
import { Delivery, Receipts } from "../../src/libraries/Receipts.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

contract ProveTest is Courtroom {
    string internal constant BEGIN =
        '{"arguments":[],"environment":{"outputHash":"0000000000000000000000000000000000000000000000000000000000000001"}';
    string internal constant HEX = "00000000000000000000000000000000000000000000000000000000000000ab";

    function receipt(string memory outputHash) internal pure returns (bytes memory) {
        return bytes(
            string.concat(
                BEGIN,
                ',"memoryPeakBytes":1,"moduleHash":"',
                HEX,
                '","outputHash":"',
                outputHash,
                '","randomSeed":"18446744073709551615","schema":"eventsourced-execution-receipt/1"}'
            )
        );
    }

    function mismatch(bytes memory text) internal pure returns (bytes memory) {
        return abi.encodePacked(Receipts.MISMATCH, text);
    }

    function prove(uint256 taskId, bytes memory proof) internal returns (uint256 disputeId) {
        vm.prank(watcher);
        return court.prove(taskId, watcherId, proof);
    }

    function test_A_receipt_of_another_output_is_settled_at_once() public {
        bytes memory text = receipt(HEX);
        uint256 taskId = submitted(bytes32(uint256(0xcd)), sha256(text));
        uint256 had = creditOf(watcher);
        uint256 refund = creditOf(client);
        uint256 burnt = burned();
        uint256 disputeId = prove(taskId, mismatch(text));
        vm.assertEq(creditOf(watcher), had + 60 * CREDITS);
        vm.assertEq(burned(), burnt + 60 * CREDITS);
        vm.assertEq(creditOf(client), refund + PRICE);
        vm.assertTrue(market.stateOf(taskId) == TaskState.CANCELLED);
        Dispute memory d = court.disputeOf(disputeId);
        vm.assertTrue(d.phase == Phase.SETTLED);
        vm.assertEq(uint256(d.ruling), Court.UPHOLD);
        vm.assertEq(uint256(d.cause), Court.PROVEN);
        vm.assertEq(d.appealedByChallenger, 0);
        vm.assertEq(reputation.strikesOf(makerId), 1);
        vm.assertEq(reputation.scoreOf(watcherId, Domains.CHALLENGE), int256(10e6));
        vm.assertEq(registry.locksOf(watcherId), 0);
        vm.assertEq(registry.locksOf(makerId), 0);
    }

    function test_A_receipt_of_this_output_proves_nothing() public {
        bytes memory text = receipt(HEX);
        uint256 taskId = submitted(bytes32(uint256(0xab)), sha256(text));
        refused(taskId, mismatch(text));
    }

    function test_Another_text_than_the_submitted_one_proves_nothing() public {
        uint256 taskId = submitted(bytes32(uint256(0xcd)), sha256("else"));
        refused(taskId, mismatch(receipt(HEX)));
    }

    function test_A_nested_output_hash_proves_nothing() public {
        // An environment that names itself so must not condemn an honest agent.
        bytes memory text = bytes(string.concat(BEGIN, ',"schema":"eventsourced-execution-receipt/1"}'));
        uint256 taskId = submitted(bytes32(uint256(0xab)), sha256(text));
        refused(taskId, mismatch(text));
    }

    function test_Texts_that_are_no_receipts_prove_nothing() public {
        string memory end = '","schema":"eventsourced-execution-receipt/1"}';
        bytes[6] memory texts = [
            bytes(""),
            bytes(end),
            bytes(string.concat("123456789012345678901", end)),
            bytes(string.concat("1", end)),
            bytes(string.concat('short","randomSeed":"1', end)),
            bytes(string.concat('","outputHash":"', HEX, 'X","randomSeed":"1', end))
        ];
        uint256 before = vm.snapshotState();
        for (uint256 i; i < texts.length; ++i) {
            uint256 taskId = submitted(bytes32(uint256(0xcd)), sha256(texts[i]));
            refused(taskId, mismatch(texts[i]));
            vm.revertToState(before);
        }
    }

    function test_Capital_digits_are_not_canonical() public {
        bytes memory text = receipt("00000000000000000000000000000000000000000000000000000000000000AB");
        refused(submitted(bytes32(uint256(0xcd)), sha256(text)), mismatch(text));
    }

    function test_Two_signatures_of_one_task_are_proof() public {
        (uint256 taskId, uint256 signerKey) = signedTask();
        Delivery memory one = Delivery(taskId, keccak256("one"), keccak256("receipt"));
        Delivery memory two = Delivery(taskId, keccak256("two"), keccak256("receipt"));
        uint256 had = creditOf(watcher);
        prove(taskId, twice(one, two, signerKey));
        vm.assertEq(creditOf(watcher), had + 60 * CREDITS);
    }

    function test_One_result_signed_twice_is_none() public {
        (uint256 taskId, uint256 signerKey) = signedTask();
        Delivery memory one = Delivery(taskId, keccak256("one"), keccak256("receipt"));
        refused(taskId, twice(one, one, signerKey));
    }

    function test_Signatures_about_another_task_are_none() public {
        (uint256 taskId, uint256 signerKey) = signedTask();
        Delivery memory one = Delivery(taskId, keccak256("one"), keccak256("receipt"));
        Delivery memory two = Delivery(taskId + 1, keccak256("two"), keccak256("receipt"));
        refused(taskId, twice(one, two, signerKey));
    }

    function test_Signatures_of_a_stranger_are_none() public {
        (uint256 taskId,) = signedTask();
        Delivery memory one = Delivery(taskId, keccak256("one"), keccak256("receipt"));
        Delivery memory two = Delivery(taskId, keccak256("two"), keccak256("receipt"));
        refused(taskId, twice(one, two, 0xBAD));
    }

    function test_An_empty_or_unknown_proof_is_refused() public {
        uint256 taskId = submitted();
        refused(taskId, "");
        refused(taskId, hex"03");
    }

    /// @dev The maker's token goes to an owner whose key the test has.
    function signedTask() internal returns (uint256 taskId, uint256 signerKey) {
        signerKey = 0xA11CE;
        maker = vm.addr(signerKey);
        makerId = newAgent(maker, 10_000 * CREDITS);
        taskId = submitted();
    }

    function twice(Delivery memory one, Delivery memory two, uint256 key) internal view returns (bytes memory) {
        return abi.encodePacked(Receipts.TWO_SIGNATURES, abi.encode(one, signature(one, key), two, signature(two, key)));
    }

    function signature(Delivery memory delivery, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, court.clerk().deliveryDigestOf(delivery));
        return abi.encodePacked(r, s, v);
    }

    function refused(uint256 taskId, bytes memory proof) internal {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotProven.selector, taskId));
        prove(taskId, proof);
    }
}
