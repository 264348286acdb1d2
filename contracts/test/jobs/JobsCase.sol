// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

/// @title A client with tokens in its wallet, a provider that works as agent 0, and an evaluator.
abstract contract JobsCase is Market {
    uint256 internal constant BUDGET = 100 * CREDITS;
    bytes32 internal constant REASON = keccak256("reason");

    IJobs internal jobs;
    address internal buyer;
    address internal provider;
    address internal evaluator;

    function setUp() public virtual override {
        super.setUp();
        jobs = IJobs(wiring.jobs);
        buyer = person("buyer");
        provider = owners[0];
        evaluator = person("evaluator");
        vm.prank(supplyHolder);
        credit.transfer(buyer, 10 * BUDGET);
        vm.prank(buyer);
        credit.approve(wiring.jobs, type(uint256).max);
        vm.prank(provider);
        jobs.serveAs(agents[0]);
    }

    function opened() internal returns (uint256 jobId) {
        return openedWith(evaluator, address(0));
    }

    function openedWith(address judge, address hook) internal returns (uint256 jobId) {
        vm.startPrank(buyer);
        jobId = jobs.createJob(provider, judge, block.timestamp + 10 days, "translate a page", hook);
        jobs.setBudget(jobId, BUDGET);
        vm.stopPrank();
    }

    function funded() internal returns (uint256 jobId) {
        return fundedWith(evaluator, address(0));
    }

    function fundedWith(address judge, address hook) internal returns (uint256 jobId) {
        jobId = openedWith(judge, hook);
        vm.prank(buyer);
        jobs.fund(jobId, BUDGET);
    }

    function submitted() internal returns (uint256 jobId) {
        jobId = funded();
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
    }

    function taskOf(uint256 jobId) internal view returns (uint256 taskId) {
        (taskId,) = jobs.taskOf(jobId);
    }

    function assertStatus(uint256 jobId, JobStatus expected) internal view {
        vm.assertEq(uint256(jobs.getJob(jobId).status), uint256(expected), "status of the job");
    }

    function expectUnauthorized(uint256 jobId, address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IJobs.Unauthorized.selector, jobId, caller));
        vm.prank(caller);
    }

    function expectWrongStatus(uint256 jobId, JobStatus found) internal {
        vm.expectRevert(abi.encodeWithSelector(IJobs.WrongStatus.selector, jobId, found));
    }
}
