// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC5805 } from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @notice Stake on its way out.
struct Unbonding {
    uint64 agentId;
    uint64 releaseAt;
}

/// @title Agents' stake: bonding, unbonding, the extra slash, and the votes that bonded stake carries.
/// @notice Votes are those of ERC-5805 with the clock in timestamps: what all agents that an address owns have bonded, free
///         or pledged (work does not cost a vote; losing a pledge does). There is no delegation: everybody is its own
///         delegate.
interface IStake is IERC5805 {
    /// @notice Stake left the free account and can be released from `releaseAt`; until then it can be slashed.
    /// @custom:trigger the agent's owner
    /// @custom:step Stake: Bonded -> Unbonding
    event UnbondingStarted(uint256 indexed unbondId, uint256 indexed agentId, uint64 releaseAt);
    /// @notice An unbonding is over: released to the owner, or slashed empty.
    /// @custom:trigger anyone from releaseAt; a slash that empties it
    /// @custom:step Stake: Unbonding -> Released
    event UnbondingEnded(uint256 indexed unbondId, uint256 indexed agentId);

    error TooManyUnbondings(uint256 agentId, uint256 most);
    error UnknownUnbonding(uint256 unbondId);
    error DelegationIsNotKnown();
    /// @notice Votes are asked for the past alone.
    error FutureLookup(uint256 timepoint, uint48 clock);

    /// @notice Bonds credit of the caller, who acts for the agent.
    function bond(uint256 agentId, uint256 amount) external;

    /// @notice Starts to take free stake out; the owner or its operator. It goes on being slashable until released.
    function unbond(uint256 agentId, uint256 amount) external returns (uint256 unbondId);

    /// @notice Pays an unbonding to the agent's owner; anyone, from `releaseAt` on.
    function release(uint256 unbondId) external;

    /// @notice The Vault tells that what an agent has bonded changed, free and pledged together; keeps the owner's votes.
    function stakeMoved(uint256 agentId, uint256 amount, bool incoming) external;

    /// @notice The registry tells that an agent changed hands; its votes go with it.
    function agentTransferred(uint256 agentId, address from, address to) external;

    /// @notice Burns up to `owed` of the agent's free stake, then of its unbondings by ascending id. What is missing is forgiven.
    /// @return burned What was there.
    function slashBeyondPledge(uint256 agentId, uint256 owed, bytes32 ref) external returns (uint256 burned);

    /// @notice The agent's free stake.
    function stakeOf(uint256 agentId) external view returns (uint256);

    /// @notice What the agent has bonded: its free stake and its pledges, with which its owner votes.
    function bondedOf(uint256 agentId) external view returns (uint256);

    function unbondingOf(uint256 unbondId) external view returns (Unbonding memory);

    /// @notice The ids of the agent's unbondings, ascending; at most 8.
    function unbondingsOf(uint256 agentId) external view returns (uint256[] memory);

    function unbondingCount() external view returns (uint256);
}
