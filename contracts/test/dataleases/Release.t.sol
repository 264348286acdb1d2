// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IDataLeases, LeaseState } from "../../src/interfaces/IDataLeases.sol";
import { vm } from "../Vm.sol";
import { DataLeasesCase } from "./DataLeasesCase.sol";

contract ReleaseLeaseTest is DataLeasesCase {
    function test_A_released_request_gives_everything_back() public {
        uint256 had = creditOf(grantee);
        uint256 leaseId = requested(PAID, 30 days);
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, granteeId, client));
        vm.prank(client);
        data.release(leaseId);
        vm.prank(grantee);
        data.release(leaseId);
        vm.assertEq(creditOf(grantee), had);
        assertState(leaseId, LeaseState.CLOSED, 3);
        vm.expectRevert(abi.encodeWithSelector(IDataLeases.WrongLeaseState.selector, leaseId, LeaseState.CLOSED));
        vm.prank(grantee);
        data.release(leaseId);
    }
}
