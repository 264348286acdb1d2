// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { CandidateState } from "../../src/interfaces/ICheckpoints.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { CheckpointsCase } from "../checkpoints/CheckpointsCase.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 58: a signature takes a verifier's free stake below the minimum, and a rival evicts it for having signed.
contract ASignerCannotBeEvictedTest is CheckpointsCase {
    function seatedAtStart() internal pure override returns (uint256) {
        return 0;
    }

    function test_A_signer_cannot_be_evicted() public {
        for (uint256 i; i < 9; ++i) {
            verifiers.push(newVerifier(person(string.concat("least ", vm.toString(i))), 100 * CREDITS));
        }
        post(1, roots(0, 1_999));
        uint256[] memory panel = drawn(1);
        for (uint256 i; i < 5; ++i) {
            sign(1, panel[i]);
            vm.assertLt(stakeAt(panel[i]), parameters.get("minStakeVerifier"));
            vm.expectRevert(abi.encodeWithSelector(IVerifierPool.SignaturesOpen.selector, panel[i], 1));
            vm.prank(watcher);
            pool.evict(panel[i]);
        }
        settle(1);
        vm.assertTrue(stateOf(1) == CandidateState.ACCEPTED);
        for (uint256 i; i < 5; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IVerifierPool.StillFit.selector, panel[i]));
            pool.evict(panel[i]);
        }
    }
}
