// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @title A module that the door of ERC-8183 enters in the name of the door's own caller.
/// @notice The door hands its caller on as a forwarder does: the caller's address behind the call. It names nobody but its
///         caller and, for an evaluator, the client that gave the evaluator its powers.
abstract contract BehindDoor is Module {
    address internal immutable JOBS;

    constructor(Wiring memory wiring, bytes32 scope) Module(wiring, scope) {
        JOBS = wiring.jobs;
    }

    /// @inheritdoc ERC2771Context
    function isTrustedForwarder(address forwarder) public view override returns (bool) {
        return forwarder == JOBS || super.isTrustedForwarder(forwarder);
    }
}
