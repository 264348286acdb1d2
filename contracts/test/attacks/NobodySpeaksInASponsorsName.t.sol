// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Row 42: a stranger opens kind 8 as agent 0, the sponsor. It pays the bond, loses by concession or by silence, and the
///         claim is ruled once for all, in the name of somebody who never spoke.
contract NobodySpeaksInASponsorsNameTest is Courtroom {
    function test_Nobody_speaks_in_a_sponsors_name() public {
        IBounties bounties = IBounties(wiring.bounties);
        uint64 claimEnd = uint64(block.timestamp) + 1 days;
        vm.prank(client);
        uint256 id = bounties.openBounty(
            BountyTerms(1_000 * CREDITS, 1, claimEnd, claimEnd + 1 days, 2 hours, "criteria", "uri")
        );
        vm.prank(maker);
        uint256 claimId = bounties.claim(id, makerId, "work");
        vm.expectRevert(abi.encodeWithSelector(IBounties.OnlySponsor.selector, id, watcher));
        vm.prank(watcher);
        court.open(8, claimId, 0, CLAIM);
        // In its own name it may, and so may the sponsor.
        vm.prank(client);
        uint256 disputeId = court.open(8, claimId, 0, CLAIM);
        vm.assertEq(court.disputeOf(disputeId).challengerId, 0);
    }
}
