// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { IWorkflows, Workflow } from "../../src/interfaces/IWorkflows.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";

/// @title A workflow of three steps with 5,000 credits, beside the real market.
abstract contract WorkflowsCase is Courtroom {
    IWorkflows internal workflows;
    uint64 internal deadline;
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        workflows = IWorkflows(wiring.workflows);
        deadline = uint64(block.timestamp) + 20 days;
        vm.prank(client);
        id = workflows.create(5_000 * CREDITS, "graph", 3, deadline, "uri");
    }

    function seatedAtStart() internal pure override returns (uint256) {
        return 3;
    }

    function link(uint16 step, uint256 dependsOn) internal returns (uint256) {
        Terms memory asked = taskTerms();
        vm.prank(client);
        return workflows.linkStep(id, step, dependsOn, 0, asked);
    }

    function patch(uint32 base, uint256 replaces) internal {
        vm.prank(client);
        workflows.patch(id, base, "patch", replaces);
    }

    function cancel(uint256 taskId) internal {
        vm.prank(client);
        market.cancel(taskId);
    }

    /// @notice The maker does the work and is paid `price`.
    function finish(uint256 taskId, uint256 price) internal {
        vm.prank(maker);
        uint256 bidId = market.placeBid(taskId, makerId, price, 1, "proposal");
        vm.prank(client);
        market.pick(taskId, bidId);
        vm.startPrank(maker);
        works.start(taskId);
        market.submit(taskId, "result", "receipt", "uri");
        vm.stopPrank();
        skip(2 hours);
        market.finalize(taskId);
    }

    function end(address who) internal {
        vm.prank(who);
        workflows.endWorkflow(id);
    }

    function found() internal view returns (Workflow memory) {
        return workflows.workflowOf(id);
    }

    function breaker() internal view returns (IBreaker) {
        return IBreaker(wiring.breaker);
    }
}
