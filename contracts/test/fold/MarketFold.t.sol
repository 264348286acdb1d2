// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { Checkpoints } from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import { AgentRegistry } from "../../src/agents/AgentRegistry.sol";
import { Stake } from "../../src/agents/Stake.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IJobs } from "../../src/interfaces/IJobs.sol";
import { IReputation } from "../../src/interfaces/IReputation.sol";
import { IStake, Unbonding } from "../../src/interfaces/IStake.sol";
import { BidState, Bid, Endings, ITaskMarket, Rules, Task } from "../../src/interfaces/ITaskMarket.sol";
import { Mode, TaskState, Terms, Verification } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkLeases, WorkLease } from "../../src/interfaces/IWorkLeases.sol";
import { Accounts, Kind } from "../../src/libraries/Accounts.sol";
import { Board } from "../../src/libraries/Board.sol";
import { Packed } from "../../src/libraries/Packed.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { TaskMarket } from "../../src/market/TaskMarket.sol";
import { WorkLeases } from "../../src/market/WorkLeases.sol";
import { Reputation } from "../../src/reputation/Reputation.sol";
import { MarketDriver } from "../MarketDriver.sol";
import { vm, Vm } from "../Vm.sol";
import { Fold, IReplica } from "./Fold.sol";
import { Ledger } from "./Ledger.sol";
import { Notebook } from "./Walk.sol";

contract AgentRegistryReplica is AgentRegistry, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) AgentRegistry(wiring, genesis) {
        ORIGINAL = wiring.agentRegistry;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 topic = log.topics[0];
        // ERC-4906 indexes nothing, and says what URIUpdated has said.
        if (topic == IAgentRegistry.MetadataUpdate.selector) return;
        uint256 id = uint256(log.topics[1]);
        if (topic == IERC721.Transfer.selector) {
            id = uint256(log.topics[3]);
            ERC721._update(address(uint160(uint256(log.topics[2]))), id, address(0));
            _agents[id].ownerSince = uint64(block.timestamp);
        } else if (topic == IERC721.Approval.selector) {
            _approve(address(uint160(uint256(log.topics[2]))), uint256(log.topics[3]), address(0), false);
        } else if (topic == IERC721.ApprovalForAll.selector) {
            address operator = address(uint160(uint256(log.topics[2])));
            _setApprovalForAll(address(uint160(id)), operator, abi.decode(log.data, (bool)));
        } else if (topic == IAgentRegistry.Registered.selector) {
            _agentCount = id;
            _agents[id].status = ACTIVE;
            _uris[id] = abi.decode(log.data, (string));
        } else if (topic == IAgentRegistry.URIUpdated.selector) {
            _uris[id] = abi.decode(log.data, (string));
        } else if (topic == IAgentRegistry.MetadataSet.selector) {
            (string memory key, bytes memory value) = abi.decode(log.data, (string, bytes));
            if (keccak256(bytes(key)) != WALLET_KEY_HASH) _metadata[id][key] = value;
            else _putWallet(id, address(bytes20(value)));
        } else if (topic == IAgentRegistry.AgentStatusSet.selector) {
            (_agents[id].status,) = abi.decode(log.data, (uint8, bytes32));
        } else if (topic == IAgentRegistry.AgentLocksSet.selector) {
            _agents[id].locks = uint16(abi.decode(log.data, (uint256)));
        }
    }
}

contract StakeReplica is Stake, IReplica {
    using Checkpoints for Checkpoints.Trace208;

    address private immutable ORIGINAL;
    Ledger private immutable LEDGER;

    constructor(Wiring memory wiring, Genesis memory genesis) Stake(wiring, genesis) {
        ORIGINAL = wiring.stake;
        LEDGER = new Ledger(wiring, genesis);
    }

    function fold(Vm.Log calldata log) external {
        (uint256 giver, uint256 taker, uint256 amount) = LEDGER.enter(log);
        if (giver != 0) {
            _bonded[giver] -= amount;
            _total.push(clock(), _total.latest() - uint208(amount));
        }
        if (taker != 0) {
            _bonded[taker] += amount;
            _total.push(clock(), _total.latest() + uint208(amount));
        }
        if (log.emitter != ORIGINAL) return;
        if (log.topics[0] == IVotes.DelegateVotesChanged.selector) {
            (, uint256 votes) = abi.decode(log.data, (uint256, uint256));
            _votes[address(uint160(uint256(log.topics[1])))].push(clock(), uint208(votes));
            return;
        }
        (uint256 unbondId, uint256 agentId) = (uint256(log.topics[1]), uint256(log.topics[2]));
        if (log.topics[0] == IStake.UnbondingStarted.selector) {
            _unbondingCount = uint32(unbondId);
            _unbondings[unbondId] = Unbonding(uint64(agentId), abi.decode(log.data, (uint64)));
            _append(agentId, unbondId);
        } else if (log.topics[0] == IStake.UnbondingEnded.selector) {
            delete _unbondings[unbondId];
            _remove(agentId, unbondId);
        }
    }
}

contract ReputationReplica is Reputation, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Reputation(wiring, genesis) {
        ORIGINAL = wiring.reputation;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        uint256 agentId = uint256(log.topics[1]);
        address writer = address(uint160(uint256(log.topics[2])));
        if (log.topics[0] == IReputation.ReputationSet.selector) {
            (, int256 accumulator,) = abi.decode(log.data, (int256, int256, uint8));
            _set(_standings[agentId][log.topics[2]], accumulator);
        } else if (log.topics[0] == IReputation.CompletionCounted.selector) {
            _completions[agentId][writer] = abi.decode(log.data, (uint256));
        } else if (log.topics[0] == IReputation.CompletionWeighed.selector) {
            (,, uint256 crowd, uint256 earned, uint256 settled) =
                abi.decode(log.data, (uint256, uint256, uint256, uint256, uint256));
            _earn(_standings[agentId][log.topics[2]], crowd, earned);
            _settle(address(uint160(uint256(log.topics[3]))), settled);
        } else if (log.topics[0] == IReputation.NewFeedback.selector) {
            (, int128 value, uint8 decimals, string memory tag1, string memory tag2) =
                abi.decode(log.data, (uint64, int128, uint8, string, string));
            _record(agentId, writer, Feedback(value, decimals, false, tag1, tag2));
        } else if (log.topics[0] == IReputation.FeedbackRevoked.selector) {
            _feedback[agentId][writer][uint64(uint256(log.topics[3]))].isRevoked = true;
        } else if (log.topics[0] == IReputation.ResponseAppended.selector) {
            (uint64 index,,) = abi.decode(log.data, (uint64, string, bytes32));
            _respond(agentId, writer, index, address(uint160(uint256(log.topics[3]))));
        }
    }
}

contract WorkLeasesReplica is WorkLeases, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) WorkLeases(wiring, genesis) {
        ORIGINAL = wiring.workLeases;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        uint256 leaseId = uint256(log.topics[1]);
        WorkLease storage lease = _leases[leaseId];
        if (log.topics[0] == IWorkLeases.WorkLeaseStarted.selector) {
            (lease.expiresAt, lease.ttl) = abi.decode(log.data, (uint40, uint16));
            lease.taskId = uint64(uint256(log.topics[2]));
            lease.agentId = uint64(uint256(log.topics[3]));
            _leaseCount = uint64(leaseId);
        } else if (log.topics[0] == IWorkLeases.WorkLeaseHeartbeat.selector) {
            (lease.seq, lease.expiresAt,) = abi.decode(log.data, (uint64, uint40, bytes32));
        } else if (log.topics[0] == IWorkLeases.WorkLeaseEnded.selector) {
            lease.cause = abi.decode(log.data, (uint8));
        }
    }
}

contract TaskMarketReplica is TaskMarket, IReplica {
    using Board for uint256[8];
    using Packed for uint256;

    address private immutable ORIGINAL;
    Notebook private immutable NOTEBOOK = new Notebook();

    constructor(Wiring memory wiring, Genesis memory genesis) TaskMarket(wiring, genesis) {
        ORIGINAL = wiring.taskMarket;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter == address(VAULT)) return foldMoved(log);
        if (log.emitter == address(WORK_LEASES)) return foldLease(log);
        if (log.emitter == JOBS) return foldJob(log);
        if (log.emitter != ORIGINAL) return;
        uint256 taskId = uint256(log.topics[1]);
        Task storage task = _tasks[taskId];
        bytes32 topic = log.topics[0];
        if (topic == ITaskMarket.TaskCreated.selector) foldCreated(log, taskId, task);
        else if (topic == ITaskMarket.BiddingOpened.selector) foldOpened(log, task);
        else if (topic == ITaskMarket.BidCommitted.selector) foldCommitted(log, task);
        else if (topic == ITaskMarket.BidPlaced.selector) foldPlaced(log, task);
        else if (topic == ITaskMarket.BidWithdrawn.selector) foldOut(log, taskId, BidState.WITHDRAWN);
        else if (topic == ITaskMarket.BidLost.selector) foldLost(log, taskId);
        else if (topic == ITaskMarket.TaskMatched.selector) foldMatched(log, taskId, task);
        else if (topic == ITaskMarket.TaskVacated.selector) foldVacated(log, taskId, task);
        else if (topic == ITaskMarket.TaskSubmitted.selector) foldSubmitted(log, task);
        else foldReviewed(log, taskId, task);
    }

    function foldMoved(Vm.Log calldata log) private {
        if (Accounts.kindOf(log.topics[2]) != Kind.TASK || Accounts.kindOf(log.topics[1]) != Kind.WORKFLOW) return;
        _tasks[Accounts.idOf(log.topics[2])].funding = log.topics[1];
    }

    function foldLease(Vm.Log calldata log) private {
        if (log.topics[0] != IWorkLeases.WorkLeaseStarted.selector) return;
        Task storage task = _tasks[uint256(log.topics[2])];
        task.state = TaskState.RUNNING;
        task.leaseId = uint48(uint256(log.topics[1]));
    }

    function foldJob(Vm.Log calldata log) private {
        if (log.topics[0] != IJobs.JobLinked.selector || abi.decode(log.data, (bool))) return;
        Task storage task = _tasks[uint256(log.topics[2])];
        task.funding = Accounts.credit(task.client);
    }

    function foldCreated(Vm.Log calldata log, uint256 taskId, Task storage task) private {
        (Terms memory terms, Rules memory rules) = abi.decode(log.data, (Terms, Rules));
        _taskCount = uint64(taskId);
        task.client = address(uint160(uint256(log.topics[2])));
        task.named = uint64(uint256(log.topics[3]));
        task.mode = Mode(terms.mode);
        task.verification = Verification(terms.verification);
        task.maxPrice = uint96(terms.maxPrice);
        task.agentBond = uint96(terms.agentBond);
        task.expiresAt = uint40(terms.expiresAt);
        task.minReputation = int128(terms.minReputation);
        task.domain = terms.domain;
        task.specHash = terms.specHash;
        task.rules = Packed.pack(rules);
        task.windows = Packed.pack(terms);
    }

    function foldOpened(Vm.Log calldata log, Task storage task) private {
        task.state = TaskState.BIDDING;
        (task.round,, task.commitEnd, task.revealEnd) = abi.decode(log.data, (uint16, uint8, uint40, uint40));
    }

    function foldNewBid(Vm.Log calldata log, Task storage task) private returns (Bid storage bid) {
        bid = _bids[uint256(log.topics[2])];
        if (bid.taskId != 0) return bid;
        _bidCount = uint64(uint256(log.topics[2]));
        bid.taskId = uint48(uint256(log.topics[1]));
        bid.agentId = uint48(uint256(log.topics[3]));
        bid.round = task.round;
    }

    function foldCommitted(Vm.Log calldata log, Task storage task) private {
        Bid storage bid = foldNewBid(log, task);
        bid.state = BidState.COMMITTED;
        bid.commitment = abi.decode(log.data, (bytes32));
    }

    function foldPlaced(Vm.Log calldata log, Task storage task) private {
        Bid storage bid = foldNewBid(log, task);
        (uint256 price,,, uint40 score) = abi.decode(log.data, (uint256, uint64, bytes32, uint40));
        bid.price = uint96(price);
        bid.score = score;
        bid.state = BidState.STANDING;
        bid.commitment = 0;
        _boards[bid.taskId].insert(Board.encode(score, uint128(price), uint64(uint256(log.topics[2]))));
    }

    function foldLost(Vm.Log calldata log, uint256 taskId) private {
        uint8 cause = abi.decode(log.data, (uint8));
        BidState state = BidState.LOST;
        if (cause == Endings.OUTSCORED) state = BidState.OUTSCORED;
        if (cause == Endings.UNREVEALED) state = BidState.FORFEITED;
        if (_bids[uint256(log.topics[2])].state == BidState.COMMITTED && cause == Endings.TASK_CANCELLED) {
            state = BidState.RETURNED;
        }
        foldOut(log, taskId, state);
    }

    function foldOut(Vm.Log calldata log, uint256 taskId, BidState state) private {
        uint256 bidId = uint256(log.topics[2]);
        _bids[bidId].state = state;
        _bids[bidId].commitment = 0;
        _boards[taskId].remove(uint64(bidId));
    }

    function foldMatched(Vm.Log calldata log, uint256 taskId, Task storage task) private {
        uint256 bidId = uint256(log.topics[2]);
        foldOut(log, taskId, BidState.WON);
        task.state = TaskState.MATCHED;
        task.bidId = uint64(bidId);
        task.agentId = uint64(uint256(log.topics[3]));
        task.price = _bids[bidId].price;
        (, task.startBy, task.deliverBy) = abi.decode(log.data, (uint16, uint40, uint40));
    }

    function foldVacated(Vm.Log calldata log, uint256 taskId, Task storage task) private {
        _failed[taskId][uint256(log.topics[2])] = true;
        (, task.cause) = abi.decode(log.data, (uint16, uint8));
        task.state = TaskState.VACANT;
        task.agentId = 0;
        task.bidId = 0;
        task.price = 0;
    }

    function foldSubmitted(Vm.Log calldata log, Task storage task) private {
        (task.resultHash, task.receiptHash,, task.reviewEnd) = abi.decode(log.data, (bytes32, bytes32, string, uint40));
        task.state = TaskState.VERIFYING;
        task.challengeEnd = uint40(block.timestamp + task.windows.window(Packed.CHALLENGE));
    }

    function foldReviewed(Vm.Log calldata log, uint256 taskId, Task storage task) private {
        bytes32 topic = log.topics[0];
        if (topic == ITaskMarket.TaskDisputed.selector) {
            task.state = TaskState.DISPUTED;
            task.disputeId = uint64(uint256(log.topics[2]));
            uint8 kind = abi.decode(log.data, (uint8));
            task.ruledKinds |= uint8(1) << kind;
            NOTEBOOK.note(bytes32(taskId), bytes32(uint256(kind)));
        } else if (topic == ITaskMarket.TaskReviewSet.selector) {
            uint8 cause;
            (cause, task.reviewEnd) = abi.decode(log.data, (uint8, uint40));
            if (cause == Endings.REVIEW_SHORTENED) return;
            uint256 kind = uint256(NOTEBOOK.noted(bytes32(taskId)));
            if (cause == Endings.CHALLENGE_WITHDRAWN) task.ruledKinds &= ~uint8(1 << kind);
            task.state = TaskState.VERIFYING;
            task.challengeEnd = uint40(block.timestamp + task.windows.window(Packed.CHALLENGE));
        } else if (topic == ITaskMarket.TaskFinalized.selector) {
            task.state = TaskState.FINALIZED;
            task.cause = abi.decode(log.data, (uint8));
        } else if (topic == ITaskMarket.TaskCancelled.selector) {
            task.state = TaskState.CANCELLED;
            task.cause = abi.decode(log.data, (uint8));
        }
    }
}

/// @notice Random lives of tasks and agents; afterwards the events alone have rebuilt every word of five contracts.
contract MarketFoldTest is MarketDriver, Fold {
    function setUp() public override(MarketDriver, Fold) {
        super.setUp();
        follow(wiring.agentRegistry, address(new AgentRegistryReplica(wiring, genesis())));
        follow(wiring.stake, address(new StakeReplica(wiring, genesis())));
        follow(wiring.reputation, address(new ReputationReplica(wiring, genesis())));
        follow(wiring.workLeases, address(new WorkLeasesReplica(wiring, genesis())));
        follow(wiring.taskMarket, address(new TaskMarketReplica(wiring, genesis())));
    }

    /// forge-config: default.fuzz.runs = 24
    function test_Fuzz_the_events_alone_rebuild_market_agents_stake_and_reputation(uint256 seed) public {
        this.live(seed, 80);
        assertFolded();
    }

    /// @dev Called from outside, so that the memory of every stretch is given back.
    function live(uint256 seed, uint256 steps) external {
        for (uint256 i; i < steps; ++i) {
            step(uint256(keccak256(abi.encode(seed, i))));
            foldNow();
        }
    }

    function test_The_fold_sees_every_kind_of_event() public {
        for (uint256 i; i < 6; ++i) {
            this.live(i, 100);
        }
        for (uint8 i; i < 8; ++i) {
            this.judged(1 + i % 3);
        }
        assertFolded();
        bytes32[28] memory actions = [
            bytes32("create"),
            "createStep",
            "placeBid",
            "commitBid",
            "revealBid",
            "withdrawBid",
            "forfeitBid",
            "pick",
            "matchBest",
            "cancel",
            "reopen",
            "vacate",
            "cancelExpired",
            "yieldMatch",
            "start",
            "heartbeat",
            "yield",
            "expire",
            "submit",
            "accept",
            "finalize",
            "dispute",
            "rejected",
            "withdrawn",
            "upheld",
            "split",
            "full board",
            "transfer"
        ];
        for (uint256 i; i < actions.length; ++i) {
            vm.assertGt(done[actions[i]], 0, string(abi.encodePacked(actions[i])));
        }
    }

    /// @dev What chance reaches too rarely: each end of a dispute.
    function judged(uint8 ruling) external {
        bondAgent(agents[0], 3 * BOND);
        Terms memory t = terms(Mode.OPEN);
        t.minReputation = -1_000_000e6;
        uint256 taskId = matched(t, PRICE);
        startAs(0, taskId);
        submitAs(0, taskId);
        foldNow();
        kindOf[++disputes] = 4;
        dispute(taskId, 4, disputes);
        foldNow();
        judge(taskId, market.taskOf(taskId), ruling);
        foldNow();
    }

    function warpTo(uint256 time, bytes32 action) internal override {
        foldNow();
        super.warpTo(time, action);
    }

    function attempt(address from, address target, bytes memory data) internal override returns (bool done_) {
        foldNow();
        done_ = super.attempt(from, target, data);
        if (!done_) dropLogs();
    }

    function skip(uint256 seconds_) internal override {
        foldNow();
        super.skip(seconds_);
    }
}
