// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBounties } from "../../src/interfaces/IBounties.sol";
import { vm } from "../Vm.sol";
import { BountiesCase } from "./BountiesCase.sol";

contract BountiesReleaseClaimTest is BountiesCase {
    function test_Who_came_too_late_for_an_award_gets_its_bond_back() public {
        uint256 first = claim(0);
        uint256 second = claim(1);
        uint256 third = claim(2);
        vm.expectRevert(abi.encodeWithSelector(IBounties.AwardsLeft.selector, id, 2));
        bounties.releaseClaim(third);
        award(first);
        award(second);
        trip(2);
        vm.expectEmit(wiring.bounties);
        emit IBounties.BountyClaimEnded(id, third, 2);
        bounties.releaseClaim(third);
        vm.assertEq(stakeBalance(agents[2]), 1_000 * CREDITS);
        vm.assertEq(registry.locksOf(agents[2]), 0);
        vm.assertEq(uint256(foundClaim(third).status), 5);
        vm.assertEq(uint256(found().decided), 3);
        vm.expectRevert(abi.encodeWithSelector(IBounties.WrongStatus.selector, third, 5));
        bounties.releaseClaim(third);
    }
}
