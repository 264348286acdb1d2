// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { vm } from "../Vm.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract TimelockExecuteBatchTest is TimelockCase {
    function test_A_batch_expires_too() public {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory payloads = new bytes[](1);
        targets[0] = wiring.treasury;
        payloads[0] = data;
        vm.prank(wiring.governor);
        timelock.scheduleBatch(targets, values, payloads, 0, 0, 2 days);
        skip(32 days);
        vm.expectPartialRevert(ITimelock.OperationExpired.selector);
        timelock.executeBatch(targets, values, payloads, 0, 0);
    }
}
