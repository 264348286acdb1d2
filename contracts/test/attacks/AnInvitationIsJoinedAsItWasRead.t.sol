// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGuilds } from "../../src/interfaces/IGuilds.sol";
import { vm } from "../Vm.sol";
import { GuildsCase } from "../guilds/GuildsCase.sol";

/// @notice Row 44: a founder offers 70 %, sees the agent's acceptance on its way, and puts 0.01 % in its place.
contract AnInvitationIsJoinedAsItWasReadTest is GuildsCase {
    function test_An_invitation_is_joined_as_it_was_read() public {
        invite(other, 7_000, until);
        // Before the acceptance is mined:
        invite(other, 1, until);
        vm.expectRevert(abi.encodeWithSelector(IGuilds.OfferChanged.selector, id, other, 1, until));
        vm.prank(otherOwner);
        guilds.join(id, other, 7_000, until);
        vm.assertEq(uint256(membership(other).status), 1);
    }
}
