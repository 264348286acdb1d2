// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What the governor adds to OpenZeppelin's: stake votes, bonds of proposals, a floor under the quorum, a council that
///        cancels what is not about itself.
/// @notice The bond of a proposal is what its Vault account holds. A proposal that nobody queues, or that nobody can execute,
///         expires 30 days later.
interface IAgentGovernor {
    /// @notice The part of all stake, in bps, that this proposal needs; later votes on the parameter do not touch it.
    /// @custom:trigger a proposer, by propose
    /// @custom:step Proposal: -> Pending
    /// @custom:kinds proposalId hash
    event QuorumFixed(uint256 indexed proposalId, uint16 quorumBps);
    /// @notice The votes that this proposal needs at least, whatever part of the stake that is: a thousandth of all credits, and
    ///         as many as it spends.
    /// @custom:trigger a proposer, by propose
    /// @custom:step Proposal: -> Pending
    /// @custom:kinds proposalId hash
    event QuorumFloorFixed(uint256 indexed proposalId, uint256 floor);

    error TooManyActions(uint256 actions, uint256 most);
    /// @notice The governor is not its own subject: it has nothing that a vote could set.
    error CannotCallItself();
    /// @notice A call that seats a member of the council is the only one of its proposal.
    error SeatStandsAlone(uint256 action);
    /// @notice The council cannot cancel a vote on one of its seats.
    error BeyondVeto(uint256 proposalId);
    error MalformedSpend(uint256 action, uint256 length);
    error NoBond(uint256 proposalId);
    error NotEnded(uint256 proposalId, uint8 state);

    /// @notice Settles the bond of an ended proposal: back to the proposer, or lost to the treasury when at least 2/3 of all
    ///         votes, with a quorum of voters, were against, or when the council cancelled. For anyone.
    function releaseBond(uint256 proposalId) external;

    /// @notice 100 credits, ceil(value / 20) over all spends, and 10,000 credits for a vote on an office: a call to the
    ///         timelock itself, a seat of the council, a role anywhere.
    function bondFor(address[] calldata targets, bytes[] calldata calldatas) external view returns (uint256);

    /// @notice The votes that such a proposal needs at least: a thousandth of all credits, and as many as it spends.
    function floorFor(address[] calldata targets, bytes[] calldata calldatas) external view returns (uint256);

    /// @notice What all spends of a proposal take from the treasury.
    function valueOf(address[] calldata targets, bytes[] calldata calldatas) external view returns (uint256);

    /// @notice What a proposal has locked and not yet got back or lost.
    function bondOf(uint256 proposalId) external view returns (uint256);

    /// @notice Whether the votes say that the bond is lost.
    function isRejected(uint256 proposalId) external view returns (bool);

    /// @notice The votes that the proposal needs, known from its snapshot on: its part of the stake, at least its floor.
    function quorumOf(uint256 proposalId) external view returns (uint256);

    /// @notice When an unqueued or unexecuted proposal expires; 0 when it cannot yet be said.
    function expiryOf(uint256 proposalId) external view returns (uint256);
}
