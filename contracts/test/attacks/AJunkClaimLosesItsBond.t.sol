// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { Accounts, Pledge } from "../../src/libraries/Accounts.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @notice Row 32: junk is claimed in the hope that the sponsor stays silent. Anyone may challenge it before a real court.
contract AJunkClaimLosesItsBondTest is Courtroom {
    function test_A_junk_claim_loses_its_bond() public {
        IBounties bounties = IBounties(wiring.bounties);
        uint64 claimEnd = uint64(block.timestamp) + 1 days;
        vm.prank(client);
        uint256 id = bounties.openBounty(
            BountyTerms(1_000 * CREDITS, 2, claimEnd, claimEnd + 1 days, 2 hours, "criteria", "uri")
        );
        uint256 stakedBefore = stakeAt(makerId);
        uint256 watcherBefore = creditOf(watcher);
        vm.prank(maker);
        uint256 claimId = bounties.claim(id, makerId, "junk");

        uint256 disputeId = openByWatcher(8, claimId);
        seated(disputeId);
        vote(disputeId, votes(2, 2, 2));
        settleNow(disputeId);

        vm.assertEq(stakeAt(makerId), stakedBefore - 100 * CREDITS);
        vm.assertEq(balance(Accounts.atRisk(Pledge.BOUNTY_CLAIM, claimId)), 0);
        // Half of B to the watcher; B is half of the bond.
        vm.assertEq(creditOf(watcher), watcherBefore + 25 * CREDITS);
        vm.warp(claimEnd + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IBounties.WrongStatus.selector, claimId, 4));
        bounties.payClaim(claimId);
        bounties.closeBounty(id);
        vm.assertEq(balance(Accounts.bounty(id)), 0);
    }
}
