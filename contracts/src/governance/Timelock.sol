// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { ITimelock } from "../interfaces/ITimelock.sol";
import { Offices } from "../libraries/Offices.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice Delays what the stake has decided: two days, a change of an office fourteen; see ITimelock. The governor alone
///         proposes, governor and council cancel, anyone executes, nobody but itself administers it.
/// @dev Always holds: 1 day <= delay <= 30 days; nothing is executed later than 30 days after it became ready; the council
///      can cancel whatever is scheduled, but for a vote on one of its seats; no decision takes that from it.
contract Timelock is ITimelock, TimelockController {
    uint256 internal constant INITIAL_DELAY = 2 days;
    uint256 internal constant SHORTEST_DELAY = 1 days;
    uint256 internal constant LONGEST_DELAY = 30 days;
    /// @dev As long as stake takes to leave by default: who disagrees is gone before it holds.
    uint256 internal constant OFFICE_DELAY = 14 days;
    uint256 internal constant EXECUTION_WINDOW = 30 days;
    uint64 internal constant REST = 30 days;

    address internal immutable GOVERNOR;
    address internal immutable COUNCIL;

    /// @dev The governor's operations that seat a member of the council: the council does not cancel them.
    mapping(bytes32 operationId => bool) internal _seatings;
    uint64 internal _delayChangedAt;

    constructor(Wiring memory wiring, Genesis memory)
        TimelockController(INITIAL_DELAY, _only(wiring.governor), _only(address(0)), address(0))
    {
        GOVERNOR = wiring.governor;
        COUNCIL = wiring.council;
        _grantRole(CANCELLER_ROLE, wiring.council);
    }

    /// @inheritdoc TimelockController
    /// @dev In steps, as parameters change: at most doubled or halved, and not again for 30 days.
    function updateDelay(uint256 newDelay) public override {
        require(
            newDelay >= SHORTEST_DELAY && newDelay <= LONGEST_DELAY,
            DelayOutOfBounds(newDelay, SHORTEST_DELAY, LONGEST_DELAY)
        );
        uint256 last = getMinDelay();
        require(newDelay <= 2 * last && newDelay >= last / 2, DelayOutOfBounds(newDelay, last / 2, 2 * last));
        uint64 restedFrom = _delayChangedAt == 0 ? 0 : _delayChangedAt + REST;
        require(block.timestamp >= restedFrom, DelayRests(restedFrom, block.timestamp));
        _delayChangedAt = uint64(block.timestamp);
        super.updateDelay(newDelay);
    }

    /// @inheritdoc TimelockController
    function schedule(
        address target,
        uint256 value,
        bytes calldata data,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        if (_isOnSeat(target, data)) {
            _seatings[hashOperation(target, value, data, predecessor, salt)] = true;
        }
        super.schedule(target, value, data, predecessor, salt, _delayFor(target, data, delay));
    }

    /// @inheritdoc TimelockController
    function scheduleBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        for (uint256 i; i < targets.length && i < payloads.length; ++i) {
            delay = _delayFor(targets[i], payloads[i], delay);
        }
        if (targets.length == 1 && payloads.length == 1 && _isOnSeat(targets[0], payloads[0])) {
            _seatings[hashOperationBatch(targets, values, payloads, predecessor, salt)] = true;
        }
        super.scheduleBatch(targets, values, payloads, predecessor, salt, delay);
    }

    /// @inheritdoc TimelockController
    function cancel(bytes32 id) public override {
        require(msg.sender == GOVERNOR || !_seatings[id], OperationBeyondVeto(id));
        super.cancel(id);
    }

    /// @inheritdoc TimelockController
    function execute(address target, uint256 value, bytes calldata payload, bytes32 predecessor, bytes32 salt)
        public
        payable
        override
    {
        _requireFresh(hashOperation(target, value, payload, predecessor, salt));
        super.execute(target, value, payload, predecessor, salt);
    }

    /// @inheritdoc TimelockController
    function executeBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt
    ) public payable override {
        _requireFresh(hashOperationBatch(targets, values, payloads, predecessor, salt));
        super.executeBatch(targets, values, payloads, predecessor, salt);
    }

    /// @inheritdoc AccessControl
    /// @dev Who administers roles needs no delay and hears no veto: that is the timelock alone.
    function grantRole(bytes32 role, address account) public override {
        require(role != DEFAULT_ADMIN_ROLE, RoleIsFixed(role, account));
        super.grantRole(role, account);
    }

    /// @inheritdoc AccessControl
    /// @dev The veto has no off switch: only its five holders change, seat by seat.
    function revokeRole(bytes32 role, address account) public override {
        bool veto = role == CANCELLER_ROLE && account == COUNCIL;
        require(role != DEFAULT_ADMIN_ROLE && !veto, RoleIsFixed(role, account));
        super.revokeRole(role, account);
    }

    /// @inheritdoc AccessControl
    /// @dev Three of five could else lay down the veto of all councils after them.
    function renounceRole(bytes32 role, address account) public pure override {
        revert RoleIsFixed(role, account);
    }

    /// @inheritdoc ITimelock
    function expiryOf(bytes32 operationId) public view returns (uint256) {
        uint256 readyAt = getTimestamp(operationId);
        return readyAt <= DONE_TIMESTAMP ? 0 : readyAt + EXECUTION_WINDOW;
    }

    /// @inheritdoc ITimelock
    function isBeyondVeto(bytes32 operationId) external view returns (bool) {
        return _seatings[operationId];
    }

    /// @dev Another proposer's operation is no vote, so the veto reaches it whatever it does.
    function _isOnSeat(address target, bytes calldata data) internal view returns (bool) {
        return msg.sender == GOVERNOR && Offices.seats(COUNCIL, target, bytes4(data));
    }

    /// @dev A change of an office waits for at least 14 days, and for twice the least delay where that is longer.
    function _delayFor(address target, bytes calldata data, uint256 delay) internal view returns (uint256) {
        if (!Offices.changes(address(this), COUNCIL, target, bytes4(data))) return delay;
        return Math.max(delay, Math.max(OFFICE_DELAY, 2 * getMinDelay()));
    }

    function _requireFresh(bytes32 operationId) internal view {
        uint256 expiredAt = expiryOf(operationId);
        require(
            expiredAt == 0 || block.timestamp < expiredAt, OperationExpired(operationId, expiredAt, block.timestamp)
        );
    }

    function _only(address one) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = one;
    }
}
