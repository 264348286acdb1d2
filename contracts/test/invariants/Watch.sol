// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IChannels } from "../../src/interfaces/IChannels.sol";
import { ICheckpoints } from "../../src/interfaces/ICheckpoints.sol";
import { IDataLeases } from "../../src/interfaces/IDataLeases.sol";
import { Court, IDisputes } from "../../src/interfaces/IDisputes.sol";
import { IAgentRegistry } from "../../src/interfaces/IAgentRegistry.sol";
import { IStake } from "../../src/interfaces/IStake.sol";
import { ITaskMarket } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkLeases } from "../../src/interfaces/IWorkLeases.sol";
import { Accounts, Kind } from "../../src/libraries/Accounts.sol";
import { Economy } from "../Economy.sol";
import { vm, Vm } from "../Vm.sol";
import { TollBooth } from "./TollBooth.sol";

/// @title Judges the invariants of the catalog event by event, whatever the walk is.
/// @notice What one event can break is judged when it happens (2 to 8); the sums are asked by the invariants (1). A walk
///         calls `watch` after what went through and before time moves, and forgets what a refused call emitted.
/// @dev `balances` is the fold of Moved alone, in checked arithmetic: an account below zero fails at once.
abstract contract Watch is Economy {
    mapping(bytes32 account => uint256) public balances;
    bytes32[] public accounts;
    mapping(bytes32 account => bool) private _known;

    mapping(uint256 taskId => uint16) private _openedRound;
    mapping(uint256 taskId => uint16) private _matchedRound;
    mapping(uint256 taskId => bool) private _ended;
    uint256[] private _justEnded;

    mapping(uint256 taskId => uint256) private _liveLease;
    mapping(uint256 leaseId => uint64) private _expiry;
    mapping(uint256 leaseId => uint256) private _taskOfLease;
    mapping(uint256 leaseId => uint64) private _seq;
    mapping(uint256 leaseId => uint64) private _dataExpiry;

    mapping(bytes32 attempt => mapping(uint256 verifierId => uint256 step)) private _seats;
    mapping(bytes32 attempt => uint256) private _reveals;
    mapping(bytes32 attempt => uint16) private _quorum;
    mapping(uint256 disputeId => uint64) private _firstSeed;
    mapping(uint256 disputeId => bool) private _settled;
    uint256[] private _justSettled;

    mapping(uint256 channelId => uint256) private _redeemed;
    mapping(uint256 channelId => uint64) private _voucher;

    uint64 private _lastEpoch;
    mapping(uint64 epoch => uint64) private _lastBlock;

    function watch() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            address emitter = logs[i].emitter;
            if (emitter == wiring.vault) _watchMove(logs[i]);
            else if (emitter == wiring.taskMarket) _watchTask(logs[i]);
            else if (emitter == wiring.workLeases) _watchLease(logs[i]);
            else if (emitter == wiring.dataLeases) _watchDataLease(logs[i]);
            else if (emitter == wiring.disputes) _watchDispute(logs[i]);
            else if (emitter == wiring.channels) _watchChannel(logs[i]);
            else if (emitter == wiring.checkpoints) _watchCheckpoint(logs[i]);
        }
        // The money of an end moves after its event, in the same call.
        for (; _justEnded.length != 0; _justEnded.pop()) {
            uint256 taskId = _justEnded[_justEnded.length - 1];
            vm.assertEq(balances[Accounts.task(taskId)], 0, "2: the account of a task at its end");
        }
        for (; _justSettled.length != 0; _justSettled.pop()) {
            uint256 disputeId = _justSettled[_justSettled.length - 1];
            vm.assertEq(balances[Accounts.dispute(disputeId)], 0, "4: what a slash leaves behind");
        }
    }

    /// @notice Forgets what a refused call emitted before it was undone.
    function overlook() internal {
        vm.getRecordedLogs();
    }

    /// @notice Invariant 1: every account is the fold of its moves, and together they are the Vault's tokens.
    function assertConserved() public view {
        uint256 sum;
        for (uint256 i; i < accounts.length; ++i) {
            vm.assertEq(balance(accounts[i]), balances[accounts[i]], "1: an account and the fold of its moves");
            sum += balances[accounts[i]];
        }
        vm.assertEq(credit.balanceOf(wiring.vault), sum, "1: tokens and accounts");
    }

    /// @notice What an agent has bonded is its free stake and the pledges that know it; its owner votes with that.
    function assertBonded() public view {
        IStake stakes = IStake(wiring.stake);
        IAgentRegistry agents_ = IAgentRegistry(wiring.agentRegistry);
        uint256[] memory bonded = new uint256[](agents_.agentCount() + 1);
        for (uint256 i; i < accounts.length; ++i) {
            Kind kind = Accounts.kindOf(accounts[i]);
            uint256 agentId = vault.pledgerOf(accounts[i]);
            if (kind == Kind.STAKE) agentId = Accounts.idOf(accounts[i]);
            else if (kind != Kind.BID && kind != Kind.AT_RISK) vm.assertEq(agentId, 0, "only a pledge has a pledger");
            if (agentId != 0) bonded[agentId] += balances[accounts[i]];
        }
        for (uint256 agentId = 1; agentId < bonded.length; ++agentId) {
            vm.assertEq(stakes.bondedOf(agentId), bonded[agentId], "bonded: free and pledged");
            uint256 votes;
            address owner = agents_.ownerOf(agentId);
            for (uint256 other = 1; other < bonded.length; ++other) {
                if (agents_.ownerOf(other) == owner) votes += bonded[other];
            }
            vm.assertEq(stakes.getVotes(owner), votes, "votes: all that an owner's agents have bonded");
        }
    }

    /// @notice From here on every debit of the Vault is noted by module and kind.
    function install() internal {
        address code = address(uint160(uint256(keccak256("the Vault's code"))));
        vm.etch(code, wiring.vault.code);
        vm.etch(wiring.vault, address(new TollBooth(code)).code);
    }

    /// @notice The module has debited every kind of account that it may, so it may debit none that it never uses.
    function assertDebits(address module) internal view {
        bytes32 slot = TollBooth(wiring.vault).slotOf(module);
        vm.assertEq(uint256(vm.load(wiring.vault, slot)), vault.debitableKinds(module), "kinds that a module debits");
    }

    function _watchMove(Vm.Log memory log) private {
        if (log.topics[0] != IVault.Moved.selector) return;
        (uint256 amount,) = abi.decode(log.data, (uint256, uint8));
        vm.assertGt(amount, 0, "a move of nothing");
        if (Accounts.kindOf(log.topics[1]) != Kind.EXTERNAL) balances[log.topics[1]] -= amount;
        if (Accounts.kindOf(log.topics[2]) != Kind.EXTERNAL) balances[log.topics[2]] += amount;
        for (uint256 i = 1; i < 3; ++i) {
            if (_known[log.topics[i]] || Accounts.kindOf(log.topics[i]) == Kind.EXTERNAL) continue;
            _known[log.topics[i]] = true;
            accounts.push(log.topics[i]);
        }
    }

    function _watchTask(Vm.Log memory log) private {
        uint256 taskId = uint256(log.topics[1]);
        bytes32 topic = log.topics[0];
        if (topic == ITaskMarket.BidLost.selector) return;
        vm.assertFalse(_ended[taskId], "3: nothing happens to a task after its end");
        if (topic == ITaskMarket.BiddingOpened.selector) {
            (uint16 round,,,) = abi.decode(log.data, (uint16, uint8, uint64, uint64));
            vm.assertEq(round, _openedRound[taskId] + 1, "3: rounds increase by one");
            _openedRound[taskId] = round;
        } else if (topic == ITaskMarket.TaskMatched.selector) {
            (uint16 round,,) = abi.decode(log.data, (uint16, uint64, uint64));
            vm.assertEq(round, _openedRound[taskId], "3: the match is of the open round");
            vm.assertGt(round, _matchedRound[taskId], "3: a round is matched once");
            _matchedRound[taskId] = round;
        } else if (topic == ITaskMarket.TaskFinalized.selector || topic == ITaskMarket.TaskCancelled.selector) {
            _ended[taskId] = true;
            _justEnded.push(taskId);
        }
    }

    function _watchLease(Vm.Log memory log) private {
        uint256 leaseId = uint256(log.topics[1]);
        if (log.topics[0] == IWorkLeases.WorkLeaseStarted.selector) {
            uint256 taskId = uint256(log.topics[2]);
            vm.assertEq(_liveLease[taskId], 0, "6: one live lease per task");
            _liveLease[taskId] = leaseId;
            _taskOfLease[leaseId] = taskId;
            (_expiry[leaseId],) = abi.decode(log.data, (uint64, uint32));
        } else if (log.topics[0] == IWorkLeases.WorkLeaseHeartbeat.selector) {
            (uint64 seq, uint64 expiresAt,) = abi.decode(log.data, (uint64, uint64, bytes32));
            vm.assertEq(seq, ++_seq[leaseId], "6: heartbeats are counted");
            vm.assertGe(expiresAt, _expiry[leaseId], "6: a lease is never shortened");
            (, uint64 deliverBy) = ITaskMarket(wiring.taskMarket).leaseTermsOf(_taskOfLease[leaseId]);
            vm.assertLe(expiresAt, deliverBy, "6: nor longer than its limit");
            if (!_breakerMoves()) vm.assertLt(block.timestamp, _expiry[leaseId], "6: no heartbeat after the expiry");
            _expiry[leaseId] = expiresAt;
        } else {
            vm.assertEq(_liveLease[_taskOfLease[leaseId]], leaseId, "6: a lease ends once");
            _liveLease[_taskOfLease[leaseId]] = 0;
        }
    }

    function _watchDataLease(Vm.Log memory log) private {
        if (log.topics[0] != IDataLeases.DataLeaseGranted.selector) return;
        uint256 leaseId = uint256(log.topics[1]);
        (, uint64 expiresAt) = abi.decode(log.data, (bytes32, uint64));
        vm.assertGt(expiresAt, _dataExpiry[leaseId], "6: a renewal lengthens a data lease");
        _dataExpiry[leaseId] = expiresAt;
    }

    /// @dev Steps of a seat: 1 drawn, 2 committed, 3 revealed.
    function _watchDispute(Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        uint256 disputeId = uint256(log.topics[1]);
        if (topic == IDisputes.RoundStarted.selector) {
            (uint8 round, uint8 attempt,, uint16 quorum, uint64 seedBlock) =
                abi.decode(log.data, (uint8, uint8, uint16, uint16, uint64));
            _quorum[_attempt(disputeId, round, attempt)] = quorum;
            if (_firstSeed[disputeId] == 0) _firstSeed[disputeId] = seedBlock;
        } else if (topic == IDisputes.PanelDrawn.selector) {
            (uint8 round, uint8 attempt,, uint256[] memory ids,,) =
                abi.decode(log.data, (uint8, uint8, bytes32, uint256[], uint64, uint64));
            bytes32 key = _attempt(disputeId, round, attempt);
            vm.assertGe(ids.length, _quorum[key], "5: a panel can reach its quorum");
            for (uint256 i; i < ids.length; ++i) {
                vm.assertEq(_seats[key][ids[i]]++, 0, "5: one seat each");
            }
        } else if (topic == IDisputes.VoteCommitted.selector || topic == IDisputes.VoteRevealed.selector) {
            (uint8 round, uint8 attempt) = abi.decode(log.data, (uint8, uint8));
            bytes32 key = _attempt(disputeId, round, attempt);
            uint256 step = topic == IDisputes.VoteCommitted.selector ? 1 : 2;
            vm.assertEq(_seats[key][uint256(log.topics[2])]++, step, "5: members of the panel vote, once each");
            if (step == 2) ++_reveals[key];
        } else if (topic == IDisputes.RoundResolved.selector) {
            (uint8 round, uint8 attempt,, uint8 outcome,) = abi.decode(log.data, (uint8, uint8, uint8, uint8, uint64));
            bytes32 key = _attempt(disputeId, round, attempt);
            if (outcome <= Court.TIE) vm.assertGe(_reveals[key], _quorum[key], "5: a ruling needs its quorum");
        } else if (topic == IDisputes.DisputeSettled.selector) {
            vm.assertFalse(_settled[disputeId], "5: a dispute is settled once");
            (, uint8 cause) = abi.decode(log.data, (uint8, uint8));
            bool avoided = cause == Court.WITHDRAWN || cause == Court.CONCEDED;
            bool known = _firstSeed[disputeId] != 0 && block.number >= _firstSeed[disputeId];
            vm.assertFalse(avoided && known, "5: nobody leaves once a seed is known");
            _settled[disputeId] = true;
            _justSettled.push(disputeId);
        }
    }

    function _watchChannel(Vm.Log memory log) private {
        if (log.topics[0] != IChannels.ChannelRedeemed.selector) return;
        uint256 id = uint256(log.topics[1]);
        (uint256 cumulative, uint64 nonce) = abi.decode(log.data, (uint256, uint64));
        vm.assertGt(cumulative, _redeemed[id], "7: a channel's cumulative increases");
        // A cooperative close repeats the last nonce, and nothing comes after it.
        bool closed = IChannels(wiring.channels).channelOf(id).status == 3;
        if (closed) vm.assertGe(nonce, _voucher[id], "7: and its nonce");
        else vm.assertGt(nonce, _voucher[id], "7: and its nonce");
        vm.assertLe(cumulative, IChannels(wiring.channels).depositsOf(id), "7: never past the deposits");
        _redeemed[id] = cumulative;
        _voucher[id] = nonce;
    }

    function _watchCheckpoint(Vm.Log memory log) private {
        uint64 epoch = uint64(uint256(log.topics[1]));
        if (log.topics[0] == ICheckpoints.CheckpointPosted.selector) {
            vm.assertEq(epoch, _lastEpoch + 1, "8: epochs are contiguous");
            (,, uint64 from, uint64 to) = abi.decode(log.data, (bytes32, bytes32, uint64, uint64));
            if (epoch > 1) vm.assertEq(from, _lastBlock[epoch - 1] + 1, "8: block ranges adjoin");
            _lastBlock[epoch] = to;
        } else if (log.topics[0] == ICheckpoints.CheckpointSettled.selector && abi.decode(log.data, (bool))) {
            vm.assertEq(epoch, ++_lastEpoch, "8: epochs are accepted in order");
        }
    }

    /// @dev A walk that trips the breaker answers true: an expiry is then not where the event has put it.
    function _breakerMoves() internal view virtual returns (bool) {
        return false;
    }

    function _attempt(uint256 disputeId, uint8 round, uint8 attempt) private pure returns (bytes32) {
        return keccak256(abi.encode(disputeId, round, attempt));
    }
}
