// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IJobs } from "../../src/interfaces/IJobs.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract ServeAsTest is JobsCase {
    function test_A_provider_names_its_agent() public {
        vm.expectEmit(wiring.jobs);
        emit IJobs.ProviderServes(owners[1], agents[1]);
        vm.prank(owners[1]);
        jobs.serveAs(agents[1]);
        vm.assertEq(jobs.agentOf(owners[1]), agents[1]);
    }

    function test_Nobody_works_as_an_agent_of_others() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentRegistry.NotAgent.selector, agents[0], owners[1]));
        vm.prank(owners[1]);
        jobs.serveAs(agents[0]);
    }
}
