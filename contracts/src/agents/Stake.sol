// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Checkpoints } from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import { IERC6372 } from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { IStake, Unbonding } from "../interfaces/IStake.sol";
import { IVerifierPool } from "../interfaces/IVerifierPool.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IStake.
/// @dev Always holds: an address votes with the sum of what the agents that it owns have bonded, free or pledged; the total
///      is the sum of all of that; an agent has at most MOST unbondings, and each has money in it until it is over. What
///      is unbonding votes no more.
contract Stake is IStake, Module {
    using Checkpoints for Checkpoints.Trace208;

    uint256 internal constant MOST = 8;
    /// @dev Unbonding ids lie in lanes of 32 bits in one word, the lowest id in the lowest lane.
    uint256 internal constant LANE = 32;

    address internal immutable DISPUTES;
    address internal immutable TASK_MARKET;
    IVerifierPool internal immutable VERIFIER_POOL;

    uint32 internal _unbondingCount;
    mapping(uint256 unbondId => Unbonding) internal _unbondings;
    mapping(uint256 agentId => uint256 lanes) internal _lanes;
    mapping(address owner => Checkpoints.Trace208) internal _votes;
    Checkpoints.Trace208 internal _total;
    mapping(uint256 agentId => uint256) internal _bonded;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "stake") {
        DISPUTES = wiring.disputes;
        TASK_MARKET = wiring.taskMarket;
        VERIFIER_POOL = IVerifierPool(wiring.verifierPool);
    }

    /// @inheritdoc IStake
    function bond(uint256 agentId, uint256 amount) external opening {
        address holder = _msgSender();
        require(REGISTRY.mayAct(agentId, holder), IAgentRegistry.NotAgent(agentId, holder));
        VAULT.move(Accounts.credit(holder), Accounts.stake(agentId), bytes32(agentId), amount, Reasons.STAKE);
    }

    /// @inheritdoc IStake
    function unbond(uint256 agentId, uint256 amount) external returns (uint256 unbondId) {
        address caller = _msgSender();
        // The agent's wallet is a hot key: it may pledge stake, but not begin to take it away.
        require(caller == REGISTRY.ownerOf(agentId), IAgentRegistry.NotAgent(agentId, caller));
        if (VERIFIER_POOL.isMember(agentId)) VERIFIER_POOL.requireThawed();
        unbondId = ++_unbondingCount;
        uint64 releaseAt = _now() + uint64(PARAMETERS.get(Keys.UNBONDING));
        _unbondings[unbondId] = Unbonding(uint64(agentId), releaseAt);
        _append(agentId, unbondId);
        emit UnbondingStarted(unbondId, agentId, releaseAt);
        VAULT.move(Accounts.stake(agentId), Accounts.unbonding(unbondId), bytes32(agentId), amount, Reasons.UNBOND);
    }

    /// @inheritdoc IStake
    function release(uint256 unbondId) external {
        Unbonding memory leaving = _unbondings[unbondId];
        require(leaving.agentId != 0, UnknownUnbonding(unbondId));
        require(block.timestamp >= leaving.releaseAt, TooEarly(leaving.releaseAt, block.timestamp));
        _end(unbondId, leaving.agentId);
        bytes32 account = Accounts.unbonding(unbondId);
        bytes32 home = Accounts.credit(REGISTRY.ownerOf(leaving.agentId));
        VAULT.move(account, home, bytes32(uint256(leaving.agentId)), VAULT.balanceOf(account), Reasons.RELEASE);
    }

    /// @inheritdoc IStake
    function stakeMoved(uint256 agentId, uint256 amount, bool incoming) external {
        require(msg.sender == address(VAULT), OnlyModule(msg.sender));
        uint256 bonded = _bonded[agentId];
        _bonded[agentId] = incoming ? bonded + amount : bonded - amount;
        address owner = REGISTRY.ownerOf(agentId);
        uint256 votes = _votes[owner].latest();
        uint256 total = _total.latest();
        _setVotes(owner, votes, incoming ? votes + amount : votes - amount);
        _total.push(clock(), uint208(incoming ? total + amount : total - amount));
    }

    /// @inheritdoc IStake
    function agentTransferred(uint256 agentId, address from, address to) external {
        require(msg.sender == address(REGISTRY), OnlyModule(msg.sender));
        uint256 amount = _bonded[agentId];
        if (amount == 0 || from == to) return;
        uint256 votes = _votes[from].latest();
        _setVotes(from, votes, votes - amount);
        votes = _votes[to].latest();
        _setVotes(to, votes, votes + amount);
    }

    /// @inheritdoc IStake
    function slashBeyondPledge(uint256 agentId, uint256 owed, bytes32 ref) external returns (uint256 burned) {
        require(msg.sender == DISPUTES || msg.sender == TASK_MARKET, OnlyModule(msg.sender));
        burned = _burn(Accounts.stake(agentId), owed, ref);
        for (uint256 lanes = _lanes[agentId]; lanes != 0 && burned < owed; lanes >>= LANE) {
            uint256 unbondId = uint32(lanes);
            burned += _burn(Accounts.unbonding(unbondId), owed - burned, ref);
            if (VAULT.balanceOf(Accounts.unbonding(unbondId)) == 0) _end(unbondId, agentId);
        }
    }

    /// @inheritdoc IStake
    function stakeOf(uint256 agentId) public view returns (uint256) {
        return VAULT.balanceOf(Accounts.stake(agentId));
    }

    /// @inheritdoc IStake
    function bondedOf(uint256 agentId) external view returns (uint256) {
        return _bonded[agentId];
    }

    /// @inheritdoc IStake
    function unbondingOf(uint256 unbondId) external view returns (Unbonding memory) {
        return _unbondings[unbondId];
    }

    /// @inheritdoc IStake
    function unbondingsOf(uint256 agentId) external view returns (uint256[] memory ids) {
        ids = new uint256[](_depth(_lanes[agentId]));
        for (uint256 i; i < ids.length; ++i) {
            ids[i] = uint32(_lanes[agentId] >> (LANE * i));
        }
    }

    /// @inheritdoc IStake
    function unbondingCount() external view returns (uint256) {
        return _unbondingCount;
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return _votes[account].latest();
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _votes[account].upperLookupRecent(_past(timepoint));
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _total.upperLookupRecent(_past(timepoint));
    }

    /// @inheritdoc IVotes
    function delegates(address account) external pure returns (address) {
        return account;
    }

    /// @inheritdoc IVotes
    function delegate(address) external pure {
        revert DelegationIsNotKnown();
    }

    /// @inheritdoc IVotes
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external pure {
        revert DelegationIsNotKnown();
    }

    function _burn(bytes32 account, uint256 owed, bytes32 ref) private returns (uint256 amount) {
        uint256 held = VAULT.balanceOf(account);
        amount = held < owed ? held : owed;
        _move(account, Accounts.BURN, uint256(ref), amount, Reasons.SLASH_BURN);
    }

    function _setVotes(address owner, uint256 before, uint256 votes) internal {
        _votes[owner].push(clock(), uint208(votes));
        emit DelegateVotesChanged(owner, before, votes);
    }

    function _past(uint256 timepoint) private view returns (uint48) {
        uint48 time = clock();
        require(timepoint < time, FutureLookup(timepoint, time));
        return uint48(timepoint);
    }

    function _end(uint256 unbondId, uint256 agentId) internal {
        delete _unbondings[unbondId];
        _remove(agentId, unbondId);
        emit UnbondingEnded(unbondId, agentId);
    }

    function _append(uint256 agentId, uint256 unbondId) internal {
        uint256 lanes = _lanes[agentId];
        uint256 depth = _depth(lanes);
        require(depth < MOST, TooManyUnbondings(agentId, MOST));
        _lanes[agentId] = lanes | (unbondId << (LANE * depth));
    }

    function _remove(uint256 agentId, uint256 unbondId) internal {
        uint256 lanes = _lanes[agentId];
        uint256 offset;
        while (uint32(lanes >> offset) != unbondId) {
            offset += LANE;
        }
        uint256 below = lanes & ((1 << offset) - 1);
        // A shift by 256 leaves nothing, which is right for the last lane.
        _lanes[agentId] = below | ((lanes >> (offset + LANE)) << offset);
    }

    function _depth(uint256 lanes) private pure returns (uint256 depth) {
        while (depth < MOST && uint32(lanes >> (LANE * depth)) != 0) {
            ++depth;
        }
    }
}
