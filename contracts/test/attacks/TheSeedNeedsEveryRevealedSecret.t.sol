// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { Lot } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 17: the proposer of the seed block grinds its hash.
contract TheSeedNeedsEveryRevealedSecretTest is Courtroom {
    function test_The_seed_needs_every_revealed_secret() public {
        uint256 disputeId = openByWatcher(1, submitted());
        startRound(disputeId);
        vm.prank(watcher);
        court.commitSeed(disputeId, Court.CHALLENGER, keccak256(abi.encode(bytes32("challenger"))));
        vm.prank(maker);
        court.commitSeed(disputeId, Court.RESPONDENT, keccak256(abi.encode(bytes32("respondent"))));
        uint64 seedBlock = current(disputeId).seedBlock;
        vm.roll(seedBlock + 1);
        vm.prank(watcher);
        court.revealSeed(disputeId, Court.CHALLENGER, "challenger");
        // One secret is still unknown to whoever made the block.
        vm.expectRevert();
        court.draw(disputeId);
        vm.prank(maker);
        court.revealSeed(disputeId, Court.RESPONDENT, "respondent");
        bytes32 hash = blockhash(seedBlock);
        bytes32 expected =
            keccak256(abi.encode(hash, disputeId, uint8(1), uint8(1), bytes32("challenger"), bytes32("respondent")));
        uint256[] memory panel = pool.draw(expected, Lot(3, 40 * CREDITS, watcherId, makerId, client));
        uint64 commitEnd = uint64(block.timestamp + 4 hours);
        vm.expectEmit(wiring.disputes);
        emit IDisputes.PanelDrawn(disputeId, 1, 1, expected, panel, commitEnd, commitEnd + 4 hours);
        court.draw(disputeId);
    }
}
