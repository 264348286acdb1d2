// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Row 43: the first claim of a bounty is challenged and the challenge taken back, again and again, so that nobody behind
///         it is paid: 472 hours cost 25 credits.
contract AQueueIsNotHeldForPenniesTest is Courtroom {
    uint256 private constant AWARD = 50 * CREDITS;

    IBounties private bounties;

    function queue(uint16 awards) private returns (uint256 first, uint256 second) {
        bounties = IBounties(wiring.bounties);
        uint64 claimEnd = uint64(block.timestamp) + 1 days;
        vm.prank(client);
        uint256 id = bounties.openBounty(
            BountyTerms(AWARD * awards, awards, claimEnd, claimEnd + 1 days, 2 days, "criteria", "uri")
        );
        vm.prank(maker);
        first = bounties.claim(id, makerId, "work");
        address other = person("second in the queue");
        uint256 otherId = newAgent(other, 100 * CREDITS);
        vm.prank(other);
        second = bounties.claim(id, otherId, "work");
        vm.warp(bounties.payableFrom(first) - 1);
    }

    function test_A_dispute_holds_nobody_else_while_the_awards_suffice() public {
        (uint256 first, uint256 second) = queue(2);
        openByWatcher(8, first);
        vm.warp(block.timestamp + 1);
        bounties.payClaim(second);
        vm.assertEq(uint256(bounties.claimOf(second).status), 3);
        vm.assertEq(uint256(bounties.claimOf(first).status), 2);
    }

    function test_Where_one_award_is_left_holding_it_for_472_hours_costs_more_than_the_award() public {
        (uint256 first, uint256 second) = queue(1);
        uint256 began = block.timestamp;
        uint256 had = creditOf(watcher);
        uint256 victim = creditOf(maker);
        while (block.timestamp < began + 472 hours) {
            uint256 disputeId = openByWatcher(8, first);
            // The latest moment that does not meet a panel, which could end it.
            vm.warp(court.disputeOf(disputeId).evidenceEnd - 1);
            vm.prank(watcher);
            court.withdraw(disputeId);
            vm.expectRevert();
            bounties.payClaim(second);
            vm.warp(bounties.payableFrom(first) - 1);
        }
        uint256 cost = had - creditOf(watcher);
        vm.assertGt(cost, 4 * AWARD, "472 hours, and four awards");
        // Half of it is the claimant's.
        vm.assertGt(creditOf(maker), victim + 2 * AWARD);
    }

    function test_Others_have_an_hour_after_the_last_challenge_was_taken_back() public {
        (uint256 first,) = queue(1);
        uint256 disputeId = openByWatcher(8, first);
        vm.warp(court.disputeOf(disputeId).evidenceEnd - 1);
        vm.prank(watcher);
        court.withdraw(disputeId);
        vm.warp(block.timestamp + 59 minutes);
        vm.prank(client);
        court.open(8, first, 0, CLAIM);
        vm.assertEq(uint256(bounties.claimOf(first).status), 2);
    }
}
