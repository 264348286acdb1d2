// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Accounts } from "../../src/libraries/Accounts.sol";
import { BountiesCase } from "../bounties/BountiesCase.sol";
import { ChannelsCase } from "../channels/ChannelsCase.sol";
import { GovernorCase } from "../governor/GovernorCase.sol";
import { GuildsCase } from "../guilds/GuildsCase.sol";
import { RewardsCase } from "../rewards/RewardsCase.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @notice economics.md, section 10: whoever is silent, anyone else moves the money on. One test a row; the caller is this
///         contract, which is nobody's party.
contract BountySilenceTest is BountiesCase {
    function test_bounty_open_without_claimants() public {
        vm.warp(claimEnd);
        bounties.closeBounty(id);
        vm.assertEq(creditOf(sponsor), 20_000 * CREDITS);
    }

    function test_bounty_claimed_and_a_silent_sponsor() public {
        uint256 first = claim(0);
        vm.warp(payableAt);
        bounties.payClaim(first);
        bounties.closeBounty(id);
        vm.assertEq(creditOf(owners[0]), 500 * CREDITS);
        vm.assertEq(creditOf(sponsor), 19_500 * CREDITS);
        vm.assertEq(held(), 0);
    }
}

contract ChannelSilenceTest is ChannelsCase {
    function test_channel_open_and_both_silent() public {
        vm.warp(expiresAt);
        channels.startClose(id);
        vm.assertEq(uint256(found().status), 2);
    }

    function test_channel_closing_and_a_silent_payee() public {
        vm.warp(expiresAt);
        channels.startClose(id);
        skip(24 hours);
        channels.close(id);
        vm.assertEq(creditOf(payer), 1_000 * CREDITS);
        vm.assertEq(held(), 0);
    }
}

contract GuildSilenceTest is GuildsCase {
    function test_guild_receipt_and_a_silent_member() public {
        pay(1_000);
        guilds.claim(id, member);
        vm.assertEq(creditOf(memberOwner), 300);
    }

    function test_guild_dissolved_and_a_silent_founder() public {
        pay(1_000);
        vm.prank(charter);
        guilds.dissolve(id);
        skip(30 days);
        guilds.sweepGuild(id);
        vm.assertEq(creditOf(memberOwner), 300);
        vm.assertEq(creditOf(charter), 700);
        vm.assertEq(held(), 0);
    }
}

contract RewardSilenceTest is RewardsCase {
    function test_era_root_posted_and_silent_challengers() public {
        post();
        skip(2 days);
        rewards.settleEra(era);
        vm.assertEq(stakeBalance(poster), 2_000 * CREDITS);
        vm.assertEq(balance(Accounts.reward(era, 0)), total);
    }

    function test_reward_and_silent_agents() public {
        uint256 before = treasury.funds();
        settle();
        skip(365 days);
        rewards.sweepEra(era);
        vm.assertEq(treasury.funds(), before);
    }

    function test_reward_granted_and_a_silent_agent() public {
        settle();
        claim(0);
        skip(91 days);
        rewards.release(era, first);
        vm.assertEq(creditOf(firstOwner), amounts[0]);
    }
}

contract ProposalSilenceTest is GovernorCase {
    function test_spend_proposal_and_a_silent_proposer() public {
        propose();
        afterVote();
        governor.releaseBond(id);
        vm.assertEq(creditOf(proposer), 1_000 * CREDITS);
    }

    function test_spend_accepted_that_nobody_executes() public {
        propose();
        accept();
        queue();
        skip(32 days);
        governor.releaseBond(id);
        vm.assertEq(creditOf(proposer), 1_000 * CREDITS);
    }
}

contract BreakerSilenceTest is Commons {
    function test_breaker_and_silent_guardians() public {
        address holder = address(0xA11CE);
        fund(holder, 10);
        vm.prank(guardian);
        breaker.trip(0, 2, 72 hours, "why");
        vm.prank(holder);
        vault.withdraw(4, holder);
        skip(72 hours);
        (uint8 level,) = breaker.levelOf(0);
        vm.assertEq(uint256(level), 0);
        vm.prank(holder);
        vault.withdraw(6, holder);
        vm.assertEq(credit.balanceOf(holder), 10);
    }
}
