// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Lot } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 14: sybil verifiers by splitting stake.
contract UnattestedSeatsNeverMakeAMajorityTest is Courtroom {
    function seatedAtStart() internal pure override returns (uint256) {
        return 15;
    }

    function test_Unattested_seats_never_make_a_majority() public {
        endBootstrap();
        // One whale splits into twenty names, each as heavy as ten of the honest.
        for (uint256 i; i < 20; ++i) {
            newVerifier(person(string.concat("sybil ", vm.toString(i))), 100 * STAKED);
        }
        skip(7 days);
        uint8[3] memory ladder = [3, 7, 15];
        for (uint256 round; round < 60; ++round) {
            uint256 seats = ladder[round % 3];
            uint256[] memory panel =
                pool.draw(keccak256(abi.encode(round)), Lot(seats, 10 * CREDITS, watcherId, makerId, client));
            uint256 unattested;
            for (uint256 i; i < panel.length; ++i) {
                (bytes32 orgKey,) = pool.keysOf(panel[i]);
                if (orgKey == 0) ++unattested;
            }
            vm.assertLe(unattested, seats / 3 == 0 ? 1 : seats / 3);
            vm.assertLt(2 * unattested, seats);
        }
    }
}
