// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Lot } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 60: the challenger knows the hash of the seed block and both secrets that matter, compares the panel that it
///         is about to get with a new one, and rerolls by withdrawing. Before the mend 53 credits bought a majority of the
///         first panel with 5 of 16 verifiers (a withdrawal cost 30, and a withheld secret B / 4).
contract AForeseenPanelIsNotAvoidedTest is Courtroom {
    uint256 internal taskId;
    uint256 internal disputeId;
    uint64 internal seedBlock;

    function setUp() public override {
        super.setUp();
        taskId = submitted();
        disputeId = openByWatcher(1, taskId);
        startRound(disputeId);
        seedBlock = current(disputeId).seedBlock;
    }

    /// @dev Of 16 the attacker has the first five.
    function seatsOfTheAttacker(uint256[] memory panel) internal view returns (uint256 seats) {
        for (uint256 i; i < panel.length; ++i) {
            for (uint256 k; k < 5; ++k) {
                if (panel[i] == verifiers[k]) ++seats;
            }
        }
    }

    function foreseen() internal view returns (uint256[] memory) {
        bytes32 seed =
            keccak256(abi.encode(blockhash(seedBlock), disputeId, uint8(1), uint8(1), bytes32(0), bytes32(0)));
        return pool.draw(seed, Lot(3, 40 * CREDITS, watcherId, makerId, client));
    }

    /// @dev What the attacker did: look, and take the challenge back unless two of three seats are its own.
    function test_Fuzz_a_panel_that_can_be_foreseen_is_the_panel(bytes32 hash) public {
        vm.assume(hash != 0);
        vm.roll(seedBlock + 1);
        vm.setBlockhash(seedBlock, hash);
        uint256[] memory panel = foreseen();
        if (seatsOfTheAttacker(panel) < 2) {
            vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, disputeId, seedBlock));
            vm.prank(watcher);
            court.withdraw(disputeId);
            vm.expectRevert(abi.encodeWithSelector(IDisputes.SeedIsDue.selector, disputeId, seedBlock));
            vm.prank(maker);
            court.concede(disputeId);
        }
        court.draw(disputeId);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(seatOf(disputeId, i).verifierId, panel[i]);
        }
    }

    /// @dev Letting the window pass: the other side, or anybody for the fee, draws in the 63 blocks.
    function test_Whoever_likes_the_panel_draws_it_to_the_last_block() public {
        vm.roll(seedBlock + 63);
        uint256[] memory panel = foreseen();
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.OutsideBlocks.selector, seedBlock + 64, type(uint256).max, seedBlock + 63)
        );
        court.reseed(disputeId);
        vm.prank(maker);
        court.draw(disputeId);
        vm.assertEq(uint256(seatOf(disputeId, 0).verifierId), panel[0]);
    }

    /// @dev The clock, too, waits for a panel that can be foreseen.
    function test_The_end_of_the_draw_does_not_take_a_known_panel_away() public {
        vm.roll(seedBlock + 1);
        vm.warp(current(disputeId).drawBy + 1 days);
        uint256[] memory panel = foreseen();
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeHeld.selector, disputeId));
        court.resolveRound(disputeId);
        court.draw(disputeId);
        vm.assertEq(uint256(seatOf(disputeId, 0).verifierId), panel[0]);
    }

    /// @dev Withholding instead of withdrawing costs everything (attack 19).
    function test_A_secret_is_no_second_choice() public {
        vm.prank(watcher);
        court.commitSeed(disputeId, Court.CHALLENGER, keccak256("x"));
        vm.roll(seedBlock + 17);
        uint256 had = creditOf(watcher);
        court.draw(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.SETTLED);
        vm.assertEq(creditOf(watcher), had, "all of B is lost");
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
    }
}
