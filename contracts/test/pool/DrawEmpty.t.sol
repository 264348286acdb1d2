// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Lot } from "../../src/interfaces/IVerifierPool.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

contract EmptyPoolTest is Courtroom {
    function seatedAtStart() internal pure override returns (uint256) {
        return 0;
    }

    function test_An_empty_pool_draws_nobody() public view {
        vm.assertEq(pool.draw("seed", Lot(3, 1, watcherId, makerId, client)).length, 0);
    }
}
