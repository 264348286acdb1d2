// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IRewards } from "../../src/interfaces/IRewards.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { EraRewards } from "../rewards/EraRewards.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @notice Row 43: 2,975 eras before the deployment accepted roots; a poster with 10,000 credits of bonds took 20,000 with 20 roots
///         that nobody had looked at.
contract AnUnwatchedRootRisksWhatItPaysTest is Commons {
    address private constant POSTER = address(0x9057);
    uint256 private constant POOL = 1_000 * CREDITS;
    uint256 private posterId;
    uint256 private deployedIn;

    function setUp() public override {
        super.setUp();
        posterId = newAgent(POSTER, 20 * POOL);
        deployedIn = rewards.eraAt(uint64(block.timestamp));
    }

    function forge(uint256 era) private returns (bool) {
        bytes32 root = EraRewards.leaf(era, 0, posterId, POOL);
        return attempt(POSTER, wiring.rewards, abi.encodeCall(IRewards.postRoot, (era, root, POOL, posterId)));
    }

    function settle(uint256 era) private returns (bool) {
        return attempt(POSTER, wiring.rewards, abi.encodeCall(IRewards.settleEra, (era)));
    }

    function test_No_era_before_the_deployment_is_paid() public {
        vm.assertEq(deployedIn, 2_976);
        for (uint256 era = 1; era < deployedIn; era += 7) {
            vm.assertFalse(forge(era));
        }
        vm.expectRevert(abi.encodeWithSelector(IRewards.EraOutOfBounds.selector, deployedIn - 1));
        vm.prank(POSTER);
        rewards.postRoot(deployedIn - 1, "root", POOL, posterId);
        skip(7 days);
        vm.assertTrue(forge(deployedIn));
    }

    function test_An_unwatched_root_risks_what_it_pays() public {
        skip(7 days);
        vm.assertTrue(forge(deployedIn));
        vm.assertEq(balance(rewards.pledgeOf(deployedIn)), POOL);
        vm.assertEq(stakeBalance(posterId), 19 * POOL);
    }

    /// @dev Twenty weeks in which nobody posted: what they are worth together is paid over twenty weeks, in which anyone may look.
    function test_Twenty_roots_at_once_take_the_pool_of_one_week() public {
        uint256 funds = balance(Accounts.TREASURY);
        skip(20 * 7 days);
        for (uint256 i; i < 20; ++i) {
            vm.assertTrue(forge(deployedIn + i));
        }
        vm.assertEq(stakeBalance(posterId), 0, "every one is bonded whole");
        skip(2 days);
        uint256 settled;
        for (uint256 i; i < 20; ++i) {
            if (settle(deployedIn + i)) ++settled;
        }
        vm.assertEq(settled, 1);
        vm.assertEq(funds - balance(Accounts.TREASURY), POOL, "20,000 were taken at once");
        for (uint256 week = 1; week < 20; ++week) {
            skip(7 days);
            vm.assertTrue(settle(deployedIn + week));
            vm.assertFalse(week < 19 && settle(deployedIn + week + 1));
        }
        vm.assertEq(funds - balance(Accounts.TREASURY), 20 * POOL, "and nothing that was earned is lost");
    }
}
