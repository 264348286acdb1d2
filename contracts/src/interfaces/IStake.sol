// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Agents' stake: bonding, unbonding, the extra slash, and the votes that free stake carries.
interface IStake {
    /// @notice Stake left the free account and can be released from `releaseAt`; until then it can be slashed.
    event UnbondingStarted(uint256 indexed unbondId, uint256 indexed agentId, uint64 releaseAt);

    /// @notice The Vault tells that an agent's free stake changed; keeps the owner's votes.
    function stakeMoved(uint256 agentId, uint256 amount, bool incoming) external;

    /// @notice The registry tells that an agent changed hands; its votes go with it.
    function agentTransferred(uint256 agentId, address from, address to) external;

    /// @notice Burns up to `owed` of the agent's free stake, then of its unbondings by ascending id. What is missing is forgiven.
    /// @return burned What was there.
    function slashBeyondPledge(uint256 agentId, uint256 owed, bytes32 ref) external returns (uint256 burned);

    /// @notice The agent's free stake.
    function stakeOf(uint256 agentId) external view returns (uint256);
}
