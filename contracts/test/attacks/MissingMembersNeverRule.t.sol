// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 59: decoy disputes, both sides one's own, lock the free stake of all verifiers, so that a real dispute finds
///         too few of them twice and splits. Before the mend a decoy of B = 5 cost 2.5 credits and locked 3 * 10; nine
///         verifiers of 100 were locked for 16 h, and garbage for 10,000 credits earned 4,950. The same voided appeals.
contract MissingMembersNeverRuleTest is Courtroom {
    uint256 internal constant BIG = 10_000 * CREDITS;
    address internal decoyOwner = address(0xDEC0);
    address internal friend = address(0xF21E);
    uint256 internal decoyId;
    uint256 internal friendId;

    function setUp() public override {
        super.setUp();
        fund(decoyOwner, RICH);
        fund(friend, RICH);
        decoyId = newAgent(decoyOwner, RICH);
        friendId = newAgent(friend, 0);
        bondAgent(makerId, BIG);
    }

    function seatedAtStart() internal pure override returns (uint256) {
        return 0;
    }

    function poor(uint256 count, uint256 amount) internal {
        for (uint256 i; i < count; ++i) {
            verifiers.push(newVerifier(person(string.concat("member ", vm.toString(i))), amount));
        }
    }

    /// @dev A dispute about nothing, with B of the attacker's choice on each side.
    function decoy(uint256 b) internal returns (uint256 disputeId) {
        Terms memory t = taskTerms();
        t.maxPrice = 2 * b;
        t.agentBond = 2 * b;
        vm.prank(friend);
        uint256 taskId = market.createTask(0, t);
        vm.prank(decoyOwner);
        uint256 bidId = market.placeBid(taskId, decoyId, t.maxPrice, 1 hours, "");
        vm.prank(friend);
        market.pick(taskId, bidId);
        vm.startPrank(decoyOwner);
        works.start(taskId);
        market.submit(taskId, "r", "s", "");
        vm.stopPrank();
        vm.prank(friend);
        disputeId = court.open(1, taskId, 0, CLAIM);
    }

    function locked() internal view returns (uint256 sum) {
        for (uint256 i; i < verifiers.length; ++i) {
            sum += 100 * CREDITS - stakeAt(verifiers[i]);
        }
    }

    function test_A_decoy_locks_no_more_than_it_puts_up() public {
        poor(9, 100 * CREDITS);
        uint256 had = creditOf(friend) + creditOf(decoyOwner) + stakeAt(decoyId);
        uint256 small = decoy(5 * CREDITS);
        seated(small);
        vm.assertEq(court.disputeOf(small).bond, 5 * CREDITS);
        // It was 30 for 5.
        vm.assertLe(locked(), 5 * CREDITS);
        vote(small, unanimous(small, Court.UPHOLD));
        settleNow(small);
        // Half of B is gone, and the keepers' part of it comes back to whoever keeps.
        uint256 left = creditOf(friend) + creditOf(decoyOwner) + stakeAt(decoyId);
        vm.assertEq(had - left, 25 * CREDITS / 10);
    }

    /// @dev Whoever pays for it in full holds the real dispute up for as long as it pays, and earns nothing by it.
    function test_A_dispute_outlives_a_pool_that_is_locked_up() public {
        poor(9, 100 * CREDITS);
        uint256 had = creditOf(friend) + creditOf(decoyOwner) + stakeAt(decoyId);
        uint256[] memory decoys = new uint256[](3);
        uint256 posted;
        for (uint256 i; i < 3; ++i) {
            decoys[i] = decoy(300 * CREDITS);
            posted += court.disputeOf(decoys[i]).bond;
        }
        Terms memory t = taskTerms();
        t.maxPrice = BIG;
        t.agentBond = 2_400 * CREDITS;
        uint256 taskId = submitted(t, "garbage", "receipt");
        uint256 disputeId = openByWatcher(1, taskId);
        uint256 pay = creditOf(maker);
        for (uint256 i; i < 3; ++i) {
            seated(decoys[i]);
        }
        vm.assertLe(locked(), posted);
        // Nobody has a seat's J left: 900 of 900 are locked.
        vm.assertEq(locked(), 900 * CREDITS);
        startRound(disputeId);
        drawNow(disputeId);
        drawNow(disputeId);
        drawNow(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.DRAW);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), 0);
        // Once the decoys are over the real dispute is judged, and the garbage earns nothing.
        for (uint256 i; i < 3; ++i) {
            commitAll(decoys[i], unanimous(decoys[i], Court.UPHOLD));
        }
        for (uint256 i; i < 3; ++i) {
            revealAll(decoys[i], unanimous(decoys[i], Court.UPHOLD));
            court.resolveRound(decoys[i]);
        }
        for (uint256 i; i < 3; ++i) {
            settleNow(decoys[i]);
        }
        vm.roll(current(disputeId).seedBlock + 64);
        court.reseed(disputeId);
        drawNow(disputeId);
        vote(disputeId, unanimous(disputeId, Court.UPHOLD));
        settleNow(disputeId);
        vm.assertEq(creditOf(maker), pay);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.UPHOLD);
        uint256 left = creditOf(friend) + creditOf(decoyOwner) + stakeAt(decoyId);
        vm.assertEq(had - left, posted / 2);
    }

    /// @dev An appeal that finds nobody no longer leaves the ruling that it is about.
    function test_An_appeal_without_members_is_not_void() public {
        poor(9, 200 * CREDITS);
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        vote(disputeId, votes(2, 2, 2));
        appealBy(disputeId, Court.RESPONDENT);
        uint256 paid = creditOf(maker);
        // Six of the nine unbond: seven seats cannot be filled.
        for (uint256 i; i < 6; ++i) {
            vm.startPrank(registry.ownerOf(verifiers[i]));
            stake.unbond(verifiers[i], stakeAt(verifiers[i]));
            vm.stopPrank();
        }
        drawNow(disputeId);
        letTheDrawPass(disputeId);
        court.resolveRound(disputeId);
        vm.assertEq(uint256(current(disputeId).panelSize), 3);
        vm.assertEq(creditOf(maker), paid, "the bond of the appeal stays");
        vm.assertEq(court.disputeOf(disputeId).appealedByRespondent, 240 * CREDITS);
        // Three are left, and as each has a seat of 80 at most they can hear it.
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 3);
        vote(disputeId, votes(1, 1, 1));
        settleNow(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
    }

    function test_The_panel_shrinks_to_three_and_is_then_waited_for() public {
        poor(16, 100 * CREDITS);
        for (uint256 i; i < 2; ++i) {
            vm.prank(wiring.disputes);
            reputation.add(makerId, "strike", 0, 1e6, 13);
        }
        Terms memory t = taskTerms();
        t.agentBond = 4 * BOND;
        uint256 disputeId = openByWatcher(1, submitted(t, "r", "s"));
        startRound(disputeId);
        uint8[3] memory ladder = [15, 7, 3];
        for (uint8 i; i < 3; ++i) {
            vm.assertEq(uint256(current(disputeId).panelSize), ladder[i]);
            vm.assertEq(uint256(court.disputeOf(disputeId).attempt), i + 1);
            letTheDrawPass(disputeId);
            if (i < 2) court.resolveRound(disputeId);
        }
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeHeld.selector, disputeId));
        court.resolveRound(disputeId);
        court.reseed(disputeId);
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), 0);
        drawNow(disputeId);
        vm.assertEq(seatsNow(disputeId).length, 3);
    }
}
