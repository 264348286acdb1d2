// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { IAgentRegistry } from "./interfaces/IAgentRegistry.sol";
import { IBreaker } from "./interfaces/IBreaker.sol";
import { IParameters } from "./interfaces/IParameters.sol";
import { IVault } from "./interfaces/IVault.sol";
import { Wiring } from "./libraries/Wiring.sol";

/// @title What every contract of the economy that users meet has in common.
/// @notice It knows its siblings by immutable address, takes meta-transactions, and asks the breaker about openings,
///         timeouts and deadlines. A deadline d: who must act may act while now < d, everybody else from now >= d.
abstract contract Module is ERC2771Context {
    IVault internal immutable VAULT;
    IParameters internal immutable PARAMETERS;
    IBreaker internal immutable BREAKER;
    IAgentRegistry internal immutable REGISTRY;
    bytes32 internal immutable SCOPE;

    /// @notice Something must happen before its deadline and came too late.
    error TooLate(uint64 deadline, uint256 found);
    /// @notice Something is allowed only from its deadline on and came too early.
    error TooEarly(uint64 deadline, uint256 found);
    /// @notice Only a sibling contract may call this.
    error OnlyModule(address caller);

    constructor(Wiring memory wiring, bytes32 scope) ERC2771Context(wiring.forwarder) {
        VAULT = IVault(wiring.vault);
        PARAMETERS = IParameters(wiring.parameters);
        BREAKER = IBreaker(wiring.breaker);
        REGISTRY = IAgentRegistry(wiring.agentRegistry);
        SCOPE = scope;
    }

    /// @dev For functions that open something new: refused while level 1 or 2 is tripped.
    modifier opening() {
        _requireLevelBelow(1);
        _;
    }

    /// @dev For transitions that a passed deadline enables: refused while level 2 is tripped.
    modifier timeout() {
        _requireLevelBelow(2);
        _;
    }

    /// @dev Outside the modifiers, so that it is in the bytecode once.
    function _requireLevelBelow(uint8 blocking) private view {
        (uint8 level, uint64 until) = BREAKER.levelOf(SCOPE);
        require(level < blocking, IBreaker.Tripped(SCOPE, level, until));
    }

    function _before(uint64 deadline) internal view returns (bool) {
        return block.timestamp < BREAKER.shifted(SCOPE, deadline);
    }

    function _requireBefore(uint64 deadline) internal view {
        uint64 moved = BREAKER.shifted(SCOPE, deadline);
        require(block.timestamp < moved, TooLate(moved, block.timestamp));
    }

    function _requireFrom(uint64 deadline) internal view {
        uint64 moved = BREAKER.shifted(SCOPE, deadline);
        require(block.timestamp >= moved, TooEarly(moved, block.timestamp));
    }

    /// @dev Moves money, and nothing when there is nothing to move.
    function _move(bytes32 from, bytes32 to, uint256 ref, uint256 amount, uint8 reason) internal {
        if (amount != 0) VAULT.move(from, to, bytes32(ref), amount, reason);
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
