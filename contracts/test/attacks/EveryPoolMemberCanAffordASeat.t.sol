// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court } from "../../src/interfaces/IDisputes.sol";
import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Attack 40: a task too large for any panel, to get the split.
contract EveryPoolMemberCanAffordASeatTest is Courtroom {
    function seatedAtStart() internal pure override returns (uint256) {
        return 0;
    }

    function test_Every_pool_member_can_afford_a_seat() public {
        for (uint256 i; i < 9; ++i) {
            newVerifier(person(string.concat("poor ", vm.toString(i))), 100 * CREDITS);
        }
        Terms memory t = taskTerms();
        t.maxPrice = 10_000 * CREDITS;
        t.agentBond = 10_000 * CREDITS;
        uint256 disputeId = openByWatcher(4, submitted(t, keccak256("r"), keccak256("s")));
        seated(disputeId);
        // B is 10,000; a third of it would be more than anybody here has.
        vm.assertEq(court.disputeOf(disputeId).bond, 10_000 * CREDITS);
        vm.assertEq(current(disputeId).seatBond, 100 * CREDITS);
        vm.assertEq(seatsNow(disputeId).length, 3);
        vote(disputeId, unanimous(disputeId, Court.REJECT));
        vm.assertEq(uint256(court.disputeOf(disputeId).ruling), Court.REJECT);
    }
}
