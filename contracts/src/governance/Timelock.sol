// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { ITimelock } from "../interfaces/ITimelock.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice Delays what the stake has decided by two days; see ITimelock. The governor alone proposes, governor and council
///         cancel, anyone executes, nobody but itself administers it.
/// @dev Always holds: 1 day <= delay <= 30 days; nothing is executed later than 30 days after it became ready.
contract Timelock is ITimelock, TimelockController {
    uint256 internal constant INITIAL_DELAY = 2 days;
    uint256 internal constant SHORTEST_DELAY = 1 days;
    uint256 internal constant LONGEST_DELAY = 30 days;
    uint256 internal constant EXECUTION_WINDOW = 30 days;

    constructor(Wiring memory wiring, Genesis memory)
        TimelockController(INITIAL_DELAY, _only(wiring.governor), _only(address(0)), address(0))
    {
        _grantRole(CANCELLER_ROLE, wiring.council);
    }

    /// @inheritdoc TimelockController
    function updateDelay(uint256 newDelay) public override {
        require(
            newDelay >= SHORTEST_DELAY && newDelay <= LONGEST_DELAY,
            DelayOutOfBounds(newDelay, SHORTEST_DELAY, LONGEST_DELAY)
        );
        super.updateDelay(newDelay);
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

    /// @inheritdoc ITimelock
    function expiryOf(bytes32 operationId) public view returns (uint256) {
        uint256 readyAt = getTimestamp(operationId);
        return readyAt <= DONE_TIMESTAMP ? 0 : readyAt + EXECUTION_WINDOW;
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
