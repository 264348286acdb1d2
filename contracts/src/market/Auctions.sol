// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import {
    Bid,
    BidState,
    Endings,
    ITaskMarket,
    Mode,
    Task,
    TaskState,
    Terms,
    Vacancy,
    Verification
} from "../interfaces/ITaskMarket.sol";
import { Accounts, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Bidding } from "../libraries/Bidding.sol";
import { Board } from "../libraries/Board.sol";
import { Packed } from "../libraries/Packed.sol";
import { Admission } from "./Admission.sol";
import { TaskBook } from "./TaskBook.sol";

/// @notice The first half of a task's life: creation, rounds of bidding, and the single decision of a round.
/// @dev Always holds: a bid's score is fixed when it is placed, so neither caller nor moment of a match changes the
///      winner; a round is matched at most once, for a match empties the board and leaves the state of bidding.
abstract contract Auctions is TaskBook {
    using Board for uint256[8];
    using Packed for uint256;

    /// @inheritdoc ITaskMarket
    function createTask(uint256 agentId, Terms calldata terms) external opening returns (uint256 taskId) {
        address client = _msgSender();
        return _create(client, Accounts.credit(client), agentId, terms);
    }

    /// @inheritdoc ITaskMarket
    function createFor(address client, bytes32 funding, uint256 agentId, Terms calldata terms)
        external
        opening
        returns (uint256 taskId)
    {
        if (msg.sender != JOBS) _requireModule(address(WORKFLOWS));
        taskId = _create(client, funding, agentId, terms);
        _tasks[taskId].funding = funding;
    }

    /// @inheritdoc ITaskMarket
    function placeBid(uint256 taskId, uint256 agentId, uint256 price, uint64 eta, bytes32 proposalHash)
        external
        opening
        returns (uint256 bidId)
    {
        Task storage task = _requireState(taskId, TaskState.BIDDING);
        _requireMode(taskId, task, task.mode != Mode.SEALED);
        require(price <= task.maxPrice, PriceAboveReserve(price, task.maxPrice));
        _lockBid(taskId, task, agentId);
        bidId = _newBid(taskId, task.round, agentId);
        _place(task, bidId, price, eta, proposalHash);
        if (task.mode == Mode.DIRECT) _match(taskId, task, bidId);
    }

    /// @inheritdoc ITaskMarket
    function commitBid(uint256 taskId, uint256 agentId, bytes32 commitment) external opening returns (uint256 bidId) {
        Task storage task = _requireState(taskId, TaskState.BIDDING);
        _requireMode(taskId, task, task.mode == Mode.SEALED);
        _lockBid(taskId, task, agentId);
        bidId = _newBid(taskId, task.round, agentId);
        _bids[bidId].state = BidState.COMMITTED;
        _bids[bidId].commitment = commitment;
        emit BidCommitted(taskId, bidId, agentId, commitment);
    }

    /// @inheritdoc ITaskMarket
    function revealBid(uint256 bidId, uint256 price, uint64 eta, bytes32 proposalHash, bytes32 salt) external {
        Bid storage bid = _requireBid(bidId, BidState.COMMITTED);
        Task storage task = _requireState(bid.taskId, TaskState.BIDDING);
        // Prices of a later round are public by now, and its failed winners stay out.
        require(bid.round == task.round, BidOfAnotherRound(bidId, bid.round, task.round));
        _requireMayAct(bid.agentId);
        _requireFrom(task.commitEnd);
        _requireBefore(_revealEnd(task));
        bytes32 found = commitmentOf(bid.taskId, bid.round, bid.agentId, price, eta, proposalHash, salt);
        require(bid.commitment == found, WrongReveal(bidId, bid.commitment, found));
        require(price <= task.maxPrice, PriceAboveReserve(price, task.maxPrice));
        _place(task, bidId, price, eta, proposalHash);
    }

    /// @inheritdoc ITaskMarket
    function withdrawBid(uint256 bidId) external {
        Bid storage bid = _requireBid(bidId, BidState.STANDING);
        Task storage task = _tasks[bid.taskId];
        _requireMode(bid.taskId, task, task.mode == Mode.OPEN);
        _requireMayAct(bid.agentId);
        _requireBefore(task.commitEnd - uint64((Bidding.window(task.windows.window(Packed.BID), task.round) + 1) / 2));
        bid.state = BidState.WITHDRAWN;
        _boards[bid.taskId].remove(uint64(bidId));
        emit BidWithdrawn(bid.taskId, bidId);
        _returnLock(bid);
    }

    /// @inheritdoc ITaskMarket
    function forfeitBid(uint256 bidId) external timeout {
        Bid storage bid = _requireBid(bidId, BidState.COMMITTED);
        Task storage task = _tasks[bid.taskId];
        bool current = bid.round == task.round;
        if (current && task.state == TaskState.CANCELLED && task.cause == Endings.BY_CLIENT) {
            _lose(bidId, bid, BidState.RETURNED, Endings.TASK_CANCELLED);
            return;
        }
        // An earlier round is over: otherwise there would be no later one.
        if (current) _requireFrom(_revealEnd(task));
        // A share of b, half of the agent's bond.
        uint256 penalty = task.rules.rule(Packed.UNREVEALED_RATE) * (task.agentBond / 2) / BPS;
        bytes32 lock = Accounts.bid(bid.taskId, bid.round, bid.agentId);
        _move(lock, Accounts.BURN, bid.taskId, penalty, Reasons.PENALTY_BURN);
        _lose(bidId, bid, BidState.FORFEITED, Endings.UNREVEALED);
    }

    /// @inheritdoc ITaskMarket
    function pick(uint256 taskId, uint256 bidId) external {
        Task storage task = _requireState(taskId, TaskState.BIDDING);
        _requireClient(taskId, task);
        _requireMode(taskId, task, task.mode == Mode.OPEN);
        _requireBefore(task.commitEnd);
        _match(taskId, task, bidId);
    }

    /// @inheritdoc ITaskMarket
    function matchBest(uint256 taskId) external timeout {
        Task storage task = _requireState(taskId, TaskState.BIDDING);
        _requireFrom(_revealEnd(task));
        uint256 best = _boards[taskId][0];
        require(best != 0, NoBid(taskId));
        _match(taskId, task, Board.bidIdOf(best));
    }

    /// @inheritdoc ITaskMarket
    function commitmentOf(
        uint256 taskId,
        uint16 round,
        uint256 agentId,
        uint256 price,
        uint64 eta,
        bytes32 proposalHash,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(
            abi.encode(block.chainid, address(this), taskId, round, agentId, price, eta, proposalHash, salt)
        );
    }

    function _create(address client, bytes32 source, uint256 agentId, Terms memory terms)
        private
        returns (uint256 taskId)
    {
        taskId = ++_taskCount;
        (uint256 rules, uint256 windows) = ADMISSION.admitTask(taskId, client, agentId, terms);
        Task storage task = _tasks[taskId];
        task.client = client;
        task.mode = Mode(terms.mode);
        task.verification = Verification(terms.verification);
        task.named = uint64(agentId);
        task.maxPrice = uint96(terms.maxPrice);
        task.agentBond = uint96(terms.agentBond);
        task.expiresAt = uint40(terms.expiresAt);
        task.minReputation = int128(terms.minReputation);
        task.domain = terms.domain;
        task.specHash = terms.specHash;
        task.rules = rules;
        task.windows = windows;
        emit TaskCreated(taskId, client, agentId, terms, Packed.unpack(rules));
        _openRound(taskId, task, 1, Vacancy.CREATED);
        _move(source, Accounts.task(taskId), taskId, terms.maxPrice, Reasons.ESCROW);
    }

    function _openRound(uint256 taskId, Task storage task, uint16 round, uint8 cause) internal {
        uint64 commitEnd = _now() + uint64(Bidding.window(task.windows.window(Packed.BID), round));
        uint64 revealEnd = commitEnd + task.windows.window(Packed.REVEAL);
        task.state = TaskState.BIDDING;
        task.round = round;
        task.commitEnd = uint40(commitEnd);
        task.revealEnd = uint40(revealEnd);
        emit BiddingOpened(taskId, round, cause, commitEnd, revealEnd);
    }

    /// @dev A sealed round has its whole time to reveal, also when a breaker has moved the end of the bidding.
    function _revealEnd(Task storage task) internal view returns (uint64) {
        if (task.mode != Mode.SEALED) return task.revealEnd;
        uint64 whole = BREAKER.shifted(SCOPE, task.commitEnd) + task.windows.window(Packed.REVEAL);
        return whole > task.revealEnd ? whole : task.revealEnd;
    }

    /// @dev Checks that the agent may bid here and now, and locks its bond: twice for one strike, four times for more.
    function _lockBid(uint256 taskId, Task storage task, uint256 agentId) private {
        _requireBefore(task.commitEnd);
        require(task.named == 0 || task.named == agentId, OnlyNamedAgent(taskId, task.named, agentId));
        require(!_failed[taskId][agentId], FailedBefore(taskId, agentId));
        bytes32 lock = Accounts.bid(taskId, task.round, agentId);
        require(VAULT.balanceOf(lock) == 0, AlreadyBid(taskId, agentId));
        uint256 doublings = ADMISSION.admitBid(
            Admission.Candidate(taskId, agentId, _msgSender(), task.client, task.domain, task.minReputation)
        );
        uint256 amount = uint256(task.agentBond) << doublings;
        _move(Accounts.stake(agentId), lock, taskId, amount, Reasons.BID_LOCK);
    }

    function _newBid(uint256 taskId, uint16 round, uint256 agentId) private returns (uint256 bidId) {
        bidId = ++_bidCount;
        Bid storage bid = _bids[bidId];
        bid.taskId = uint48(taskId);
        bid.agentId = uint48(agentId);
        bid.round = round;
    }

    /// @dev Scores the bid and puts it on the board, from which it may push the last.
    function _place(Task storage task, uint256 bidId, uint256 price, uint64 eta, bytes32 proposalHash) private {
        Bid storage bid = _bids[bidId];
        bool revealed = bid.state == BidState.COMMITTED;
        uint64 score = ADMISSION.score(task.rules, task.maxPrice, price, bid.agentId, task.domain);
        (bool stands, uint64 evicted) = _boards[bid.taskId].insert(Board.encode(score, uint128(price), uint64(bidId)));
        require(stands || revealed, BidTooLow(bid.taskId, score));
        bid.price = uint96(price);
        bid.score = uint40(score);
        if (revealed) bid.commitment = 0;
        bid.state = BidState.STANDING;
        emit BidPlaced(bid.taskId, bidId, bid.agentId, price, eta, proposalHash, score);
        if (!stands) _lose(bidId, bid, BidState.OUTSCORED, Endings.OUTSCORED);
        if (evicted != 0) _lose(evicted, _bids[evicted], BidState.OUTSCORED, Endings.OUTSCORED);
    }

    /// @dev Decides: the winner's lock becomes its pledge, every other row's lock goes home.
    function _match(uint256 taskId, Task storage task, uint256 bidId) private {
        uint64 startBy = _now() + task.windows.window(Packed.START);
        uint64 deliverBy = startBy + task.windows.window(Packed.DELIVER);
        // A match that comes too late would leave the winner nothing but penalties.
        require(deliverBy <= task.expiresAt, NoTimeLeft(taskId, task.expiresAt, deliverBy));
        Bid storage bid = _bids[bidId];
        require(_boards[taskId].remove(uint64(bidId)), NotOnBoard(taskId, bidId));
        bid.state = BidState.WON;
        task.state = TaskState.MATCHED;
        task.agentId = bid.agentId;
        task.bidId = uint64(bidId);
        task.price = bid.price;
        task.startBy = uint40(startBy);
        task.deliverBy = uint40(deliverBy);
        emit TaskMatched(taskId, bidId, bid.agentId, task.round, startBy, deliverBy);
        bytes32 lock = Accounts.bid(taskId, bid.round, bid.agentId);
        _move(lock, Accounts.atRisk(Pledge.TASK, taskId), taskId, VAULT.balanceOf(lock), Reasons.AGENT_BOND);
        REGISTRY.lock(bid.agentId);
        _clearBoard(taskId, Endings.NOT_CHOSEN);
    }

    /// @dev Every bid on the board is out and gets its lock back.
    function _clearBoard(uint256 taskId, uint8 cause) internal {
        uint256[8] storage rows = _boards[taskId];
        for (uint256 row; row < Board.SIZE && rows[row] != 0; ++row) {
            uint64 bidId = Board.bidIdOf(rows[row]);
            rows[row] = 0;
            _lose(bidId, _bids[bidId], BidState.LOST, cause);
        }
    }

    function _lose(uint256 bidId, Bid storage bid, BidState state, uint8 cause) private {
        // Only a commitment that was never revealed is still there.
        if (bid.state == BidState.COMMITTED) bid.commitment = 0;
        bid.state = state;
        emit BidLost(bid.taskId, bidId, bid.agentId, cause);
        _returnLock(bid);
    }

    function _requireMayAct(uint256 agentId) internal view {
        address caller = _msgSender();
        require(REGISTRY.mayAct(agentId, caller), IAgentRegistry.NotAgent(agentId, caller));
    }
}
