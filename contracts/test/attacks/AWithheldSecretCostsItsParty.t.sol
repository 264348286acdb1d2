// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 19: withholding a secret.
contract AWithheldSecretCostsItsPartyTest is Courtroom {
    function test_A_withheld_secret_costs_its_party() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        uint256 had = creditOf(maker);
        uint256 burnt = burned();
        vm.prank(maker);
        court.commitSeed(disputeId, Court.RESPONDENT, keccak256("never told"));
        vm.assertEq(creditOf(maker), had - 30 * CREDITS);
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock + 16);
        vm.expectRevert();
        court.draw(disputeId);
        vm.roll(seedBlock + 17);
        court.draw(disputeId);
        vm.assertEq(creditOf(maker), had - 30 * CREDITS);
        vm.assertEq(burned(), burnt + 30 * CREDITS);
        bytes32 hash = blockhash(seedBlock);
        vm.assertEq(
            current(disputeId).seed, keccak256(abi.encode(hash, disputeId, uint8(1), uint8(1), bytes32(0), bytes32(0)))
        );
    }
}
