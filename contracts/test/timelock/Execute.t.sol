// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITimelock } from "../../src/interfaces/ITimelock.sol";
import { vm } from "../Vm.sol";
import { TimelockCase } from "./TimelockCase.sol";

contract TimelockExecuteTest is TimelockCase {
    function test_A_ready_operation_is_executed_by_anyone() public {
        schedule();
        vm.assertEq(timelock.expiryOf(id), GENESIS_TIME + 32 days);
        skip(2 days);
        timelock.execute(wiring.treasury, 0, data, 0, "s");
        vm.assertEq(creditOf(address(7)), 5);
        vm.assertEq(timelock.expiryOf(id), 0);
    }

    function test_Thirty_days_later_it_is_void() public {
        schedule();
        skip(32 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITimelock.OperationExpired.selector, id, GENESIS_TIME + 32 days, GENESIS_TIME + 32 days
            )
        );
        timelock.execute(wiring.treasury, 0, data, 0, "s");
    }
}
