// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Address } from "@openzeppelin/contracts/utils/Address.sol";
import { ICouncil } from "../interfaces/ICouncil.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice See ICouncil.
/// @dev Approvals come in, one call goes out. Always holds: five distinct members; a call id is executed once; only approvals
///      of present members, given in the same seven days, count; one seat changes hands in 14 days. Members act in person: no
///      meta-transactions.
contract Council is ICouncil {
    struct Call {
        uint64 expiresAt;
        uint32 attempt;
        bool executed;
    }

    uint8 internal constant SEATS = 5;
    uint256 internal constant THRESHOLD = 3;
    uint64 internal constant APPROVAL_LIFE = 7 days;
    uint64 internal constant REST = 14 days;

    address internal immutable BREAKER;
    address internal immutable GOVERNOR;
    address internal immutable TIMELOCK;

    mapping(uint8 seat => address) internal _members;
    mapping(bytes32 callId => Call) internal _calls;
    mapping(bytes32 callId => mapping(address member => uint32 attempt)) internal _approvals;
    uint64 internal _seatedAt;

    constructor(Wiring memory wiring, Genesis memory genesis) {
        BREAKER = wiring.breaker;
        GOVERNOR = wiring.governor;
        TIMELOCK = wiring.timelock;
        for (uint8 seat; seat < SEATS; ++seat) {
            _seat(seat, genesis.council[seat]);
        }
    }

    /// @inheritdoc ICouncil
    function approve(address target, bytes calldata data, bytes32 salt) external returns (bytes32 callId) {
        require(isMember(msg.sender), OnlyMember(msg.sender));
        require(target == BREAKER || target == GOVERNOR || target == TIMELOCK, TargetNotGranted(target));
        callId = callIdOf(target, data, salt);
        Call storage call = _calls[callId];
        require(!call.executed, AlreadyExecuted(callId));
        if (block.timestamp >= call.expiresAt) {
            call.expiresAt = uint64(block.timestamp) + APPROVAL_LIFE;
            ++call.attempt;
        }
        require(_approvals[callId][msg.sender] != call.attempt, AlreadyApproved(callId, msg.sender));
        _approvals[callId][msg.sender] = call.attempt;
        emit CouncilCallApproved(callId, msg.sender, target, data, salt, call.expiresAt);
    }

    /// @inheritdoc ICouncil
    function execute(address target, bytes calldata data, bytes32 salt) external returns (bytes memory result) {
        bytes32 callId = callIdOf(target, data, salt);
        Call storage call = _calls[callId];
        require(!call.executed, AlreadyExecuted(callId));
        uint256 approvals = approvalsOf(callId);
        require(approvals >= THRESHOLD, NotEnoughApprovals(callId, approvals, THRESHOLD));
        require(block.timestamp < call.expiresAt, ApprovalsExpired(callId, call.expiresAt, block.timestamp));
        call.executed = true;
        emit CouncilCallExecuted(callId, msg.sender);
        result = Address.functionCall(target, data);
    }

    /// @inheritdoc ICouncil
    function setMember(uint8 seat, address member) external {
        require(msg.sender == TIMELOCK, OnlyTimelock(msg.sender));
        // The veto does not reach votes on seats, so no vote may take it whole: three seats take 28 days.
        uint64 restedFrom = _seatedAt == 0 ? 0 : _seatedAt + REST;
        require(block.timestamp >= restedFrom, SeatsRest(restedFrom, block.timestamp));
        _seatedAt = uint64(block.timestamp);
        _seat(seat, member);
    }

    /// @inheritdoc ICouncil
    function memberAt(uint8 seat) external view returns (address) {
        return _members[seat];
    }

    /// @inheritdoc ICouncil
    function isMember(address who) public view returns (bool) {
        for (uint8 seat; seat < SEATS; ++seat) {
            if (_members[seat] == who) return true;
        }
        return false;
    }

    /// @inheritdoc ICouncil
    function callIdOf(address target, bytes calldata data, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(target, data, salt));
    }

    /// @inheritdoc ICouncil
    function callOf(bytes32 callId) external view returns (uint64 expiresAt, uint32 attempt, bool executed) {
        Call memory call = _calls[callId];
        return (call.expiresAt, call.attempt, call.executed);
    }

    /// @inheritdoc ICouncil
    function approvalOf(bytes32 callId, address member) external view returns (uint32 attempt) {
        return _approvals[callId][member];
    }

    /// @inheritdoc ICouncil
    function approvalsOf(bytes32 callId) public view returns (uint256 approvals) {
        uint32 attempt = _calls[callId].attempt;
        if (attempt == 0) return 0;
        for (uint8 seat; seat < SEATS; ++seat) {
            if (_approvals[callId][_members[seat]] == attempt) ++approvals;
        }
    }

    function _seat(uint8 seat, address member) internal {
        require(seat < SEATS, UnknownSeat(seat));
        require(member != address(0), ZeroMember());
        require(!isMember(member), AlreadySeated(member));
        _members[seat] = member;
        emit CouncilMemberSet(seat, member);
    }
}
