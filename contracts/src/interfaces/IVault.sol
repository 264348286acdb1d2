// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The one place where money is, and the one event by which it moves.
/// @notice An account is `kind (8 bits) || id` (see Accounts). Folding `Moved` rebuilds every balance.
interface IVault {
    /// @notice Money moved between two accounts; never zero, never more than the source held.
    /// @custom:trigger modules of the economy; holders by deposit and withdraw
    /// @custom:step every step that moves money
    /// @param from The account that paid; of kind EXTERNAL when tokens came in.
    /// @param to The account that received; of kind EXTERNAL when tokens went out.
    /// @param ref What it was for: the subject's id, its meaning given by the reason.
    /// @param amount Base units, 1 credit = 10^18.
    /// @param reason One of Reasons.
    event Moved(bytes32 indexed from, bytes32 indexed to, bytes32 indexed ref, uint256 amount, uint8 reason);

    error InsufficientBalance(bytes32 account, uint256 needed, uint256 found);
    error NotAuthorized(address caller, bytes32 account);
    error NothingToMove();
    error ZeroRecipient();

    /// @notice Brings tokens of the caller into its credit account. The caller has approved the Vault.
    function deposit(uint256 amount) external;

    /// @notice Brings tokens of the caller into somebody else's credit account. The caller has approved the Vault.
    function depositFor(address holder, uint256 amount) external;

    /// @notice `deposit` with the approval by signature (ERC-2612) in the same transaction.
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Sends tokens from the caller's credit account to `recipient`. Never blocked by the breaker.
    function withdraw(uint256 amount, address recipient) external;

    /// @notice Moves money inside the Vault; for the modules of the economy, each only from kinds that it owns.
    function move(bytes32 from, bytes32 to, bytes32 ref, uint256 amount, uint8 reason) external;

    /// @notice What the account holds.
    function balanceOf(bytes32 account) external view returns (uint256);

    /// @notice The agent whose bonded stake the account holds as a pledge; 0 for every other money.
    function pledgerOf(bytes32 account) external view returns (uint256 agentId);

    /// @notice The kinds (bit i = kind i) from which a module may move money.
    function debitableKinds(address module) external view returns (uint256);
}
