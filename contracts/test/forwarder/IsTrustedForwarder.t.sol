// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

interface Trusting {
    function isTrustedForwarder(address forwarder) external view returns (bool);
}

contract IsTrustedForwarderTest is Commons {
    function test_The_modules_of_users_trust_the_forwarder_those_of_the_timelock_do_not() public view {
        address[9] memory users = [
            wiring.vault,
            wiring.agentRegistry,
            wiring.stake,
            wiring.channels,
            wiring.guilds,
            wiring.bounties,
            wiring.workflows,
            wiring.rewards,
            wiring.governor
        ];
        for (uint256 i; i < 9; ++i) {
            vm.assertTrue(Trusting(users[i]).isTrustedForwarder(wiring.forwarder));
            vm.assertFalse(Trusting(users[i]).isTrustedForwarder(address(this)));
        }
        address[5] memory own = [wiring.treasury, wiring.council, wiring.parameters, wiring.breaker, wiring.directory];
        for (uint256 i; i < 5; ++i) {
            (bool answers,) = own[i].staticcall(abi.encodeCall(Trusting.isTrustedForwarder, (wiring.forwarder)));
            vm.assertFalse(answers);
        }
    }
}
