// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bounty, BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { BountiesCase } from "./BountiesCase.sol";

contract BountiesOpenBountyTest is BountiesCase {
    function test_Opening_locks_the_pool_and_records_every_field() public {
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyOpened(2, sponsor, 3, claimEnd, awardEnd, 2 hours, 33, "criteria", "uri");
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.credit(sponsor), Accounts.bounty(2), bytes32(uint256(2)), 100, Reasons.BOUNTY_POOL);
        vm.assertEq(open(100, 3), 2);
        Bounty memory bounty = bounties.bountyOf(2);
        vm.assertEq(bounty.sponsor, sponsor);
        vm.assertEq(uint256(bounty.maxAwards), 3);
        vm.assertEq(uint256(bounty.claimEnd), claimEnd);
        vm.assertEq(uint256(bounty.awardEnd), awardEnd);
        vm.assertEq(uint256(bounty.challengeWindow), 2 hours);
        vm.assertEq(bounty.award, 33);
        vm.assertEq(bounty.criteriaHash, "criteria");
        vm.assertFalse(bounty.closed);
        vm.assertEq(bounties.bountyCount(), 2);
    }

    function test_Awards_and_pool_stay_in_their_bounds() public {
        vm.expectRevert(abi.encodeWithSelector(IBounties.AwardsOutOfBounds.selector, 0, 100));
        open(100, 0);
        vm.expectRevert(abi.encodeWithSelector(IBounties.AwardsOutOfBounds.selector, 101, 100));
        open(1_000, 101);
        vm.expectRevert(abi.encodeWithSelector(IBounties.PoolOutOfBounds.selector, 5, 6, 10_000 * CREDITS));
        open(5, 3);
        vm.expectRevert(
            abi.encodeWithSelector(IBounties.PoolOutOfBounds.selector, 10_000 * CREDITS + 1, 2, 10_000 * CREDITS)
        );
        open(10_000 * CREDITS + 1, 1);
    }

    function test_Ends_stay_in_their_bounds() public {
        uint64 first = GENESIS_TIME + 60;
        uint64 last = GENESIS_TIME + 90 days;
        BountyTerms memory asked = terms(100, 1);
        asked.claimEnd = first - 1;
        vm.expectRevert(abi.encodeWithSelector(IBounties.ClaimEndOutOfBounds.selector, first - 1, first, last));
        open(asked);
        asked.claimEnd = last + 1;
        vm.expectRevert(abi.encodeWithSelector(IBounties.ClaimEndOutOfBounds.selector, last + 1, first, last));
        open(asked);
        asked.claimEnd = claimEnd;
        first = claimEnd + 1 hours;
        last = claimEnd + 14 days;
        asked.awardEnd = first - 1;
        vm.expectRevert(abi.encodeWithSelector(IBounties.AwardEndOutOfBounds.selector, first - 1, first, last));
        open(asked);
        asked.awardEnd = last + 1;
        vm.expectRevert(abi.encodeWithSelector(IBounties.AwardEndOutOfBounds.selector, last + 1, first, last));
        open(asked);
    }

    function test_The_challenge_window_stays_in_its_bounds() public {
        BountyTerms memory asked = terms(100, 1);
        asked.challengeWindow = 599;
        vm.expectRevert(abi.encodeWithSelector(IBounties.WindowOutOfBounds.selector, 599, 600, 2 days));
        open(asked);
        asked.challengeWindow = 2 days + 1;
        vm.expectRevert(abi.encodeWithSelector(IBounties.WindowOutOfBounds.selector, 2 days + 1, 600, 2 days));
        open(asked);
    }

    function test_A_tripped_breaker_stops_new_bounties() public {
        trip(1);
        expectTripped("bounties", 1);
        open(100, 1);
    }
}
