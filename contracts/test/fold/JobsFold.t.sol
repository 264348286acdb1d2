// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IJobs, Job, JobStatus } from "../../src/interfaces/IJobs.sol";
import { ITaskMarket, Mode, TaskState } from "../../src/interfaces/ITaskMarket.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Jobs } from "../../src/market/Jobs.sol";
import { JobsCase } from "../jobs/JobsCase.sol";
import { vm, Vm } from "../Vm.sol";
import { Fold, IReplica } from "./Fold.sol";
import { ReputationReplica, TaskMarketReplica, WorkLeasesReplica } from "./MarketFold.t.sol";

contract JobsReplica is Jobs, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Jobs(wiring, genesis) {
        ORIGINAL = wiring.jobs;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 topic = log.topics[0];
        if (topic == ProviderServes.selector) {
            _agents[address(uint160(uint256(log.topics[1])))] = uint256(log.topics[2]);
            return;
        }
        uint256 jobId = uint256(log.topics[1]);
        Record storage job = _jobs[jobId];
        if (topic == JobCreated.selector) foldCreated(log, jobId, job);
        else if (topic == JobDescribed.selector) job.description = abi.decode(log.data, (string));
        else if (topic == ProviderSet.selector) job.provider = address(uint160(uint256(log.topics[2])));
        else if (topic == BudgetSet.selector) job.budget = abi.decode(log.data, (uint256));
        else if (topic == JobFunded.selector) job.status = JobStatus.Funded;
        else if (topic == JobSubmitted.selector) job.status = JobStatus.Submitted;
        else if (topic == JobCompleted.selector) job.status = JobStatus.Completed;
        else if (topic == JobRejected.selector) job.status = JobStatus.Rejected;
        else if (topic == JobExpired.selector) job.status = JobStatus.Expired;
        else if (topic == JobLinked.selector) foldLinked(log, jobId, job);
    }

    function foldCreated(Vm.Log calldata log, uint256 jobId, Record storage job) private {
        _count = jobId;
        job.client = address(uint160(uint256(log.topics[2])));
        job.provider = address(uint160(uint256(log.topics[3])));
        uint256 expiredAt;
        (job.evaluator, expiredAt, job.hook) = abi.decode(log.data, (address, uint256, address));
        job.expiredAt = uint64(expiredAt);
    }

    function foldLinked(Vm.Log calldata log, uint256 jobId, Record storage job) private {
        job.taskId = uint64(uint256(log.topics[2]));
        job.agentId = uint64(uint256(log.topics[3]));
        _jobOfTask[job.taskId] = jobId;
    }
}

/// @notice Random lives of jobs, through the door and at the market; afterwards the events alone have rebuilt every word.
contract JobsFoldTest is JobsCase, Fold {
    mapping(bytes32 action => uint256) internal done;
    uint256 private random;

    function setUp() public override(JobsCase, Fold) {
        super.setUp();
        vm.prank(supplyHolder);
        credit.transfer(buyer, 100_000 * BUDGET);
        bondAgent(agents[0], 100_000 * CREDITS);
        fund(buyer, 10_000 * CREDITS);
        fund(client, 1_000 * PRICE);
        follow(wiring.reputation, address(new ReputationReplica(wiring, genesis())));
        follow(wiring.workLeases, address(new WorkLeasesReplica(wiring, genesis())));
        follow(wiring.taskMarket, address(new TaskMarketReplica(wiring, genesis())));
        follow(wiring.jobs, address(new JobsReplica(wiring, genesis())));
    }

    function skip(uint256 seconds_) internal override {
        foldNow();
        super.skip(seconds_);
    }

    function next(uint256 sides) private returns (uint256) {
        random = uint256(keccak256(abi.encode(random)));
        return (random >> 16) % sides;
    }

    function tryTo(bytes32 name, address from, address target, bytes memory data) private {
        foldNow();
        if (attempt(from, target, data)) ++done[name];
        else dropLogs();
    }

    function step() private {
        uint256 count = jobs.jobCounter();
        if (next(6) == 0) skip(next(12) == 0 ? next(6 days) : next(1 hours));
        if (count == 0 || next(16) == 0) return create_();
        uint256 jobId = count - next(count < 4 ? count : 4);
        (uint256 taskId,) = jobs.taskOf(jobId);
        if (next(3) == 0 && taskId != 0) return atMarket(taskId);
        // Half of the steps are a job's natural next one: a job that nothing fits is no walk.
        act(jobId, next(2) == 0 ? natural(jobId) : next(8));
    }

    function natural(uint256 jobId) private returns (uint256) {
        Job memory job = jobs.getJob(jobId);
        if (job.status == JobStatus.Open) return job.provider == address(0) ? 0 : job.budget == 0 ? 1 : 2;
        if (job.status == JobStatus.Submitted) return 4 + next(2);
        return job.status == JobStatus.Funded ? 3 : 7;
    }

    function act(uint256 jobId, uint256 what) private {
        bytes32 word = bytes32(next(9));
        if (what == 0) {
            tryTo(
                "setProvider",
                buyer,
                wiring.jobs,
                abi.encodeWithSignature("setProvider(uint256,address)", jobId, provider)
            );
        } else if (what == 1) {
            tryTo(
                "setBudget",
                provider,
                wiring.jobs,
                abi.encodeWithSignature("setBudget(uint256,uint256)", jobId, (1 + next(200)) * CREDITS)
            );
        } else if (what == 2) {
            tryTo(
                "fund",
                buyer,
                wiring.jobs,
                abi.encodeWithSignature("fund(uint256,uint256)", jobId, jobs.getJob(jobId).budget)
            );
        } else if (what == 3) {
            tryTo("submit", provider, wiring.jobs, abi.encodeWithSignature("submit(uint256,bytes32)", jobId, word));
        } else if (what == 4) {
            tryTo("complete", evaluator, wiring.jobs, abi.encodeWithSignature("complete(uint256,bytes32)", jobId, word));
        } else if (what == 5) {
            tryTo(
                "reject",
                next(2) == 0 ? evaluator : buyer,
                wiring.jobs,
                abi.encodeWithSignature("reject(uint256,bytes32)", jobId, word)
            );
        } else if (what == 6) {
            tryTo("claimRefund", buyer, wiring.jobs, abi.encodeCall(IJobs.claimRefund, (jobId)));
        } else {
            tryTo("syncJob", buyer, wiring.jobs, abi.encodeCall(IJobs.syncJob, (jobId)));
        }
    }

    function create_() private {
        uint256 expiredAt = block.timestamp + 1 hours + next(8 days);
        address first = next(2) == 0 ? provider : address(0);
        if (next(4) != 0) {
            string memory text = next(2) == 0 ? "short" : "a description that is longer than the one word of a slot";
            tryTo(
                "createJob",
                buyer,
                wiring.jobs,
                abi.encodeCall(IJobs.createJob, (first, evaluator, expiredAt, text, address(0)))
            );
        } else {
            uint256 taskId = create(Mode.DIRECT);
            tryTo("adopt", buyer, wiring.jobs, abi.encodeCall(IJobs.adopt, (taskId)));
        }
    }

    function atMarket(uint256 taskId) private {
        TaskState state = market.stateOf(taskId);
        if (state == TaskState.BIDDING) {
            tryTo(
                "placeBid",
                provider,
                wiring.taskMarket,
                abi.encodeCall(ITaskMarket.placeBid, (taskId, agents[0], 1 + next(CREDITS), 1, "p"))
            );
        } else if (state == TaskState.VERIFYING) {
            tryTo("finalize", provider, wiring.taskMarket, abi.encodeCall(ITaskMarket.finalize, (taskId)));
        } else if (state == TaskState.DISPUTED) {
            (uint64 disputeId, uint8 ruling) = (market.taskOf(taskId).disputeId, uint8(1 + next(3)));
            bytes memory data = abi.encodeWithSignature(
                "rule(uint256,uint8,uint256,uint8,uint8,uint256)", taskId, 3, disputeId, ruling, 1, 0
            );
            tryTo("rule", wiring.disputes, wiring.taskMarket, data);
        } else {
            tryTo("vacate", provider, wiring.taskMarket, abi.encodeCall(ITaskMarket.vacate, (taskId)));
        }
    }

    /// @dev Called from outside, so that the memory of every stretch is given back.
    function live(uint256 seed, uint256 steps) external {
        random = seed;
        for (uint256 i; i < steps; ++i) {
            step();
            foldNow();
        }
    }

    function test_The_events_alone_rebuild_every_job() public {
        for (uint256 i; i < 6; ++i) {
            this.live(i, 160);
        }
        assertFolded();
        bytes32[14] memory actions = [
            bytes32("createJob"),
            "adopt",
            "setProvider",
            "setBudget",
            "fund",
            "submit",
            "complete",
            "reject",
            "claimRefund",
            "syncJob",
            "placeBid",
            "finalize",
            "rule",
            "vacate"
        ];
        for (uint256 i; i < actions.length; ++i) {
            vm.assertGt(done[actions[i]], 0, string(abi.encodePacked(actions[i])));
        }
    }

    /// forge-config: default.fuzz.runs = 8
    function test_Fuzz_the_events_alone_rebuild_every_job(uint256 seed) public {
        this.live(seed, 80);
        assertFolded();
    }
}
