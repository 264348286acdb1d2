// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 24: bonds sized to sway verifiers.
contract VerifiersEarnAlikeForEveryRulingTest is Courtroom {
    function test_Verifiers_earn_alike_for_every_ruling() public {
        uint256 rejected = earned(Court.REJECT);
        vm.assertEq(rejected, 16 * CREDITS);
        vm.assertEq(earned(Court.UPHOLD), rejected);
        vm.assertEq(earned(Court.SPLIT), rejected);
    }

    function test_Verifiers_earn_alike_where_more_is_at_stake() public {
        vm.assertEq(earnedIn(4, Court.REJECT), 32 * CREDITS);
        vm.assertEq(earnedIn(4, Court.UPHOLD), 32 * CREDITS);
        vm.assertEq(earnedIn(4, Court.SPLIT), 32 * CREDITS);
    }

    function earned(uint8 ruling) internal returns (uint256) {
        return earnedIn(1, ruling);
    }

    function earnedIn(uint8 kind, uint8 ruling) internal returns (uint256 gain) {
        uint256 before = vm.snapshotState();
        uint256 disputeId = openByWatcher(kind, submitted());
        seated(disputeId);
        uint256 verifierId = seatOf(disputeId, 1).verifierId;
        vote(disputeId, unanimous(disputeId, ruling));
        settleNow(disputeId);
        gain = stakeAt(verifierId) - STAKED;
        vm.revertToState(before);
    }
}
