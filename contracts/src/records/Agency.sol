// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Action, IAgency } from "../interfaces/IAgency.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IAgency.
/// @dev Always holds: an action never changes, and an outcome, once there, neither.
contract Agency is IAgency, Module {
    uint256 internal _count;
    mapping(uint256 actionId => Action) internal _actions;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "agency") { }

    /// @inheritdoc IAgency
    function recordAction(uint256 agentId, bytes32 kind, bytes32 dataHash, string calldata uri)
        external
        opening
        returns (uint256 actionId)
    {
        REGISTRY.requireActor(agentId, _msgSender());
        require(dataHash != 0, ZeroHash());
        actionId = ++_count;
        _actions[actionId] = Action(agentId, kind, dataHash, 0, _now(), 0);
        emit ActionRecorded(actionId, agentId, kind, dataHash, uri);
    }

    /// @inheritdoc IAgency
    function recordOutcome(uint256 actionId, bytes32 outcomeHash, string calldata uri) external {
        Action storage action = _actions[actionId];
        require(action.agentId != 0, UnknownAction(actionId));
        REGISTRY.requireActor(action.agentId, _msgSender());
        require(outcomeHash != 0, ZeroHash());
        require(action.outcomeHash == 0, OutcomeIsRecorded(actionId, action.outcomeHash));
        action.outcomeHash = outcomeHash;
        action.outcomeAt = _now();
        emit OutcomeRecorded(actionId, outcomeHash, uri);
    }

    /// @inheritdoc IAgency
    function actionOf(uint256 actionId) external view returns (Action memory) {
        return _actions[actionId];
    }

    /// @inheritdoc IAgency
    function actionCount() external view returns (uint256) {
        return _count;
    }
}
