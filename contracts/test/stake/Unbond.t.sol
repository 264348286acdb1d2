// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IStake } from "../../src/interfaces/IStake.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract UnbondTest is Market {
    function test_Unbonding_takes_stake_out_of_the_votes_at_once() public {
        uint64 releaseAt = uint64(block.timestamp + 14 days);
        vm.expectEmit(wiring.stake);
        emit IStake.UnbondingStarted(1, agents[0], releaseAt);
        vm.prank(owners[0]);
        vm.assertEq(stake.unbond(agents[0], 300 * CREDITS), 1);
        vm.assertEq(stakeOf(0), 700 * CREDITS);
        vm.assertEq(balance(Accounts.unbonding(1)), 300 * CREDITS);
        vm.assertEq(stake.getVotes(owners[0]), 700 * CREDITS);
        vm.assertEq(stake.unbondingOf(1).agentId, agents[0]);
        vm.assertEq(stake.unbondingOf(1).releaseAt, releaseAt);
        vm.assertEq(stake.unbondingsOf(agents[0]).length, 1);
        vm.assertEq(stake.unbondingCount(), 1);
    }

    function test_A_wallet_cannot_take_stake_out() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], address(this)));
        stake.unbond(agents[0], 1);
    }

    function test_More_than_is_free_cannot_be_taken_out() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IVault.InsufficientBalance.selector, Accounts.stake(agents[0]), 1_001 * CREDITS, 1_000 * CREDITS
            )
        );
        vm.prank(owners[0]);
        stake.unbond(agents[0], 1_001 * CREDITS);
    }

    function test_A_ninth_unbonding_is_refused() public {
        vm.startPrank(owners[0]);
        for (uint256 i; i < 8; ++i) {
            stake.unbond(agents[0], 1);
        }
        vm.expectRevert(abi.encodeWithSelector(IStake.TooManyUnbondings.selector, agents[0], 8));
        stake.unbond(agents[0], 1);
    }

    function test_A_pool_member_cannot_unbond_while_the_pool_is_frozen() public {
        vm.startPrank(owners[0]);
        pool.join(agents[0]);
        stake.unbond(agents[0], 1);
        vm.stopPrank();
        vm.prank(wiring.disputes);
        uint64 seedBlock = pool.awaitSeed();
        vm.roll(seedBlock);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.PoolFrozen.selector, pool.frozenUntil()));
        vm.prank(owners[0]);
        stake.unbond(agents[0], 1);
        vm.prank(owners[1]);
        stake.unbond(agents[1], 1);
    }

    function test_Running_unbondings_keep_their_time_when_the_parameter_changes() public {
        vm.prank(owners[0]);
        stake.unbond(agents[0], 1);
        setParam(Keys.UNBONDING, 60 days);
        skip(14 days);
        stake.release(1);
        vm.assertEq(creditOf(owners[0]), 1);
    }
}
