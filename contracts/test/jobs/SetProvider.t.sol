// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { vm } from "../Vm.sol";
import { JobsCase } from "./JobsCase.sol";

contract SetProviderTest is JobsCase {
    uint256 internal jobId;

    function setUp() public override {
        super.setUp();
        vm.prank(buyer);
        jobId = jobs.createJob(address(0), evaluator, block.timestamp + 10 days, "", address(0));
    }

    function test_The_client_names_the_provider_once() public {
        vm.startPrank(buyer);
        vm.expectRevert(IJobs.ZeroAddress.selector);
        jobs.setProvider(jobId, address(0));
        vm.expectEmit(wiring.jobs);
        emit IJobs.ProviderSet(jobId, provider);
        jobs.setProvider(jobId, provider, "any");
        vm.assertEq(jobs.getJob(jobId).provider, provider);
        vm.expectRevert(abi.encodeWithSelector(IJobs.ProviderIsSet.selector, jobId, provider));
        jobs.setProvider(jobId, owners[1]);
        vm.stopPrank();
    }

    function test_Nobody_else_does() public {
        expectUnauthorized(jobId, provider);
        jobs.setProvider(jobId, provider);
    }

    function test_An_ended_job_has_no_use_for_one() public {
        vm.startPrank(buyer);
        jobs.reject(jobId, REASON);
        expectWrongStatus(jobId, JobStatus.Rejected);
        jobs.setProvider(jobId, provider);
        vm.stopPrank();
    }
}
