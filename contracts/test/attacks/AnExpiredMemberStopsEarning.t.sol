// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { GuildsCase } from "../guilds/GuildsCase.sol";
import { vm } from "../Vm.sol";

/// @notice Row 31: a member whose time is over claims a share of what came in later.
contract AnExpiredMemberStopsEarningTest is GuildsCase {
    function test_An_expired_member_stops_earning() public {
        pay(1_000);
        vm.warp(until - 1);
        pay(1_000);
        vm.warp(until);
        pay(10_000);
        skip(5 days);
        pay(10_000);
        vm.assertEq(guilds.owedTo(id, member), 600);
        guilds.claim(id, member);
        vm.assertEq(creditOf(memberOwner), 600);
        vm.assertEq(guilds.owedTo(id, member), 0);
    }
}
