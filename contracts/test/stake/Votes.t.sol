// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IStake } from "../../src/interfaces/IStake.sol";
import { Mode, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract VotesTest is Market {
    function test_Votes_are_read_at_a_past_time() public {
        uint256 then = block.timestamp;
        skip(10);
        bondAgent(agents[0], 5 * CREDITS);
        uint256 later = block.timestamp;
        skip(10);
        vm.assertEq(stake.getPastVotes(owners[0], then), 1_000 * CREDITS);
        vm.assertEq(stake.getPastVotes(owners[0], later), 1_005 * CREDITS);
        vm.assertEq(stake.getPastTotalSupply(then), 3_300 * CREDITS);
        vm.assertEq(stake.getPastTotalSupply(later), 3_305 * CREDITS);
        vm.assertEq(stake.getPastVotes(owners[0], then - 1), 0);
    }

    function test_The_present_cannot_be_asked() public {
        vm.expectRevert(abi.encodeWithSelector(IStake.FutureLookup.selector, block.timestamp, uint48(block.timestamp)));
        stake.getPastVotes(owners[0], block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(IStake.FutureLookup.selector, block.timestamp, uint48(block.timestamp)));
        stake.getPastTotalSupply(block.timestamp);
    }

    function test_Agents_of_one_owner_vote_together() public {
        newAgent(owners[0], 11 * CREDITS);
        vm.assertEq(stake.getVotes(owners[0]), 1_011 * CREDITS);
    }

    function test_A_bid_and_a_pledge_vote_as_before() public {
        uint256 total = 3_300 * CREDITS;
        matched(PRICE);
        vm.assertEq(stakeOf(0), 1_000 * CREDITS - BOND);
        vm.assertEq(stake.bondedOf(agents[0]), 1_000 * CREDITS);
        vm.assertEq(stake.getVotes(owners[0]), 1_000 * CREDITS);
        skip(1);
        vm.assertEq(stake.getPastTotalSupply(block.timestamp - 1), total);
    }

    function test_What_a_pledge_loses_votes_no_more() public {
        uint256 taskId = matched(PRICE);
        vm.prank(owners[0]);
        market.yieldMatch(taskId);
        vm.assertEq(stake.getVotes(owners[0]), 988 * CREDITS);
        vm.assertEq(stake.bondedOf(agents[0]), 988 * CREDITS);
        vm.assertEq(stakeOf(0), 988 * CREDITS);
    }

    function test_What_the_court_holds_votes_no_more_until_it_is_given_back() public {
        uint256 taskId = verifying(Verification.CLIENT, PRICE);
        // B takes the whole pledge of 240: the account is empty, and is its agent's again afterwards.
        dispute(taskId, 4, 1);
        vm.assertEq(balance(pledgeOf(taskId)), 0);
        vm.assertEq(stake.getVotes(owners[0]), 760 * CREDITS);
        ruleOn(taskId, 4, 1, 1);
        vm.assertEq(stake.getVotes(owners[0]), 1_000 * CREDITS);
        vm.assertEq(vault.pledgerOf(pledgeOf(taskId)), agents[0]);
        skip(1 days);
        market.finalize(taskId);
        vm.assertEq(stake.getVotes(owners[0]), 1_000 * CREDITS);
        vm.assertEq(vault.pledgerOf(pledgeOf(taskId)), 0);
    }

    function test_Pledges_go_with_a_transfer() public {
        uint256 taskId = create(Mode.OPEN);
        bidAs(0, taskId, PRICE);
        vm.prank(owners[0]);
        registry.transferFrom(owners[0], owners[1], agents[0]);
        vm.assertEq(stake.getVotes(owners[0]), 0);
        vm.assertEq(stake.getVotes(owners[1]), 2_000 * CREDITS);
    }

    function test_Unbonding_stake_does_not_vote() public {
        vm.prank(owners[0]);
        stake.unbond(agents[0], 100 * CREDITS);
        vm.assertEq(stake.getVotes(owners[0]), 900 * CREDITS);
        vm.assertEq(stake.bondedOf(agents[0]), 900 * CREDITS);
    }

    function test_A_transfer_to_oneself_or_without_stake_moves_no_votes() public {
        vm.prank(owners[0]);
        registry.transferFrom(owners[0], owners[0], agents[0]);
        vm.assertEq(stake.getVotes(owners[0]), 1_000 * CREDITS);
        uint256 poor = newAgent(owners[0], 0);
        vm.prank(owners[0]);
        registry.transferFrom(owners[0], owners[1], poor);
        vm.assertEq(stake.getVotes(owners[1]), 1_000 * CREDITS);
    }

    function test_There_is_no_delegation() public {
        vm.assertEq(stake.delegates(owners[0]), owners[0]);
        vm.expectRevert(IStake.DelegationIsNotKnown.selector);
        stake.delegate(owners[1]);
        vm.expectRevert(IStake.DelegationIsNotKnown.selector);
        stake.delegateBySig(owners[1], 0, 0, 0, 0, 0);
    }

    function test_The_clock_is_the_timestamp() public view {
        vm.assertEq(stake.clock(), block.timestamp);
        vm.assertEq(stake.CLOCK_MODE(), "mode=timestamp");
    }

    function test_Fuzz_the_total_is_the_sum_of_all_votes(uint256 seed) public {
        for (uint256 i; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 which = seed % 3;
            address owner = registry.ownerOf(agents[which]);
            uint256 amount = bound(seed >> 8, 1, 100 * CREDITS);
            if (seed & 8 == 0) {
                bondAgent(agents[which], amount);
            } else if (seed & 16 == 0 && stakeOf(which) >= amount && stake.unbondingsOf(agents[which]).length < 8) {
                vm.prank(owner);
                stake.unbond(agents[which], amount);
            } else {
                vm.prank(owner);
                registry.transferFrom(owner, owners[(seed >> 32) % 3], agents[which]);
            }
            skip(1);
        }
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            sum += stake.getVotes(owners[i]);
        }
        // The three verifiers vote too.
        vm.assertEq(sum + 300 * CREDITS, stake.getPastTotalSupply(block.timestamp - 1));
        vm.assertEq(sum, stakeOf(0) + stakeOf(1) + stakeOf(2));
    }
}
