// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IRewards } from "../../src/interfaces/IRewards.sol";
import { Courtroom } from "../Courtroom.sol";
import { EraRewards } from "../rewards/EraRewards.sol";
import { vm } from "../Vm.sol";

/// @notice Row 33: a poster grants itself the pool of an era, and a friend challenges and withdraws to shut others out.
contract AForgedEraRootIsOverturnedTest is Courtroom {
    function test_A_forged_era_root_is_overturned() public {
        IRewards rewards = IRewards(wiring.rewards);
        skip(7 days);
        uint256 era = rewards.eraAt(uint64(block.timestamp)) - 1;
        uint256 pool = rewards.poolNow();
        address friend = person("friend");
        fund(friend, 1_000 * CREDITS);
        uint256 friendId = newAgent(friend, 0);
        uint256 stakedBefore = stakeAt(makerId);
        uint256 watcherBefore = creditOf(watcher);
        bytes32 forged = EraRewards.leaf(era, 0, makerId, pool);
        vm.prank(maker);
        rewards.postRoot(era, forged, pool, makerId);

        vm.startPrank(friend);
        uint256 weak = court.open(7, era, friendId, CLAIM);
        court.withdraw(weak);
        vm.stopPrank();

        uint256 disputeId = openByWatcher(7, era);
        seated(disputeId);
        vote(disputeId, votes(2, 2, 2));
        settleNow(disputeId);

        vm.assertEq(uint256(rewards.eraOf(era).status), 4);
        vm.assertEq(stakeAt(makerId), stakedBefore - pool);
        vm.assertEq(creditOf(watcher), watcherBefore + pool / 2);
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongStatus.selector, era, 4));
        rewards.claim(era, 0, makerId, pool, new bytes32[](0));
        // An honest root takes its place.
        vm.prank(maker);
        rewards.postRoot(era, EraRewards.leaf(era, 0, watcherId, 1), 1, makerId);
        skip(2 days);
        rewards.settleEra(era);
        rewards.claim(era, 0, watcherId, 1, new bytes32[](0));
    }
}
