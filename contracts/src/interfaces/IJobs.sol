// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice ERC-8183: the states of a job. Stored; never renumber.
enum JobStatus {
    Open,
    Funded,
    Submitted,
    Completed,
    Rejected,
    Expired
}

/// @notice ERC-8183: a job as its reference contract answers it.
struct Job {
    uint256 id;
    address client;
    address provider;
    address evaluator;
    string description;
    uint256 budget;
    uint256 expiredAt;
    JobStatus status;
    address hook;
}

/// @title The door of ERC-8183, Agentic Commerce: a job is a task of the market in direct mode.
/// @notice A funded job has a task, and the task's state is the job's: whatever happens there happens to the job. What differs
///         from the standard, and why, stands in docs/standards.md. Every function with `optParams` has a twin without.
interface IJobs {
    /// @notice ERC-8183: a job exists, without money.
    /// @custom:trigger a client; anyone for a task that exists, by adopt
    /// @custom:step Job: -> Open
    event JobCreated(
        uint256 indexed jobId,
        address indexed client,
        address indexed provider,
        address evaluator,
        uint256 expiredAt,
        address hook
    );
    /// @notice What a job asks for, in its client's words; an adopted task has none.
    /// @custom:trigger with JobCreated
    /// @custom:step Job: description
    event JobDescribed(uint256 indexed jobId, string description);
    /// @notice ERC-8183: the job has a provider now.
    /// @custom:trigger the client
    /// @custom:step Job: Open
    event ProviderSet(uint256 indexed jobId, address indexed provider);
    /// @notice ERC-8183: the job has another budget now.
    /// @custom:trigger the client or the provider
    /// @custom:step Job: Open
    event BudgetSet(uint256 indexed jobId, uint256 amount);
    /// @notice ERC-8183: the budget is in escrow.
    /// @custom:trigger the client
    /// @custom:step Job: Open -> Funded
    event JobFunded(uint256 indexed jobId, address indexed client, uint256 amount);
    /// @notice Which task a job is, and which agent its provider works as. Adopted: the task was there first.
    /// @custom:trigger with JobFunded
    /// @custom:step Job: task
    event JobLinked(uint256 indexed jobId, uint256 indexed taskId, uint256 indexed agentId, bool adopted);
    /// @notice ERC-8183: the work is delivered.
    /// @custom:trigger the provider; anyone by syncJob, when it was delivered at the market
    /// @custom:step Job: Funded -> Submitted
    event JobSubmitted(uint256 indexed jobId, address indexed provider, bytes32 deliverable);
    /// @notice ERC-8183: the work is paid.
    /// @custom:trigger the evaluator; anyone by syncJob, when the market paid it
    /// @custom:step Job: Submitted -> Completed
    event JobCompleted(uint256 indexed jobId, address indexed evaluator, bytes32 reason);
    /// @notice ERC-8183: there is nothing to pay. The rejector is the court after a dispute.
    /// @custom:trigger the client while open; the evaluator while funded; anyone by syncJob
    /// @custom:step Job: Open, Funded or Submitted -> Rejected
    event JobRejected(uint256 indexed jobId, address indexed rejector, bytes32 reason);
    /// @notice ERC-8183: nothing was delivered in time.
    /// @custom:trigger anyone, from expiredAt on
    /// @custom:step Job: Funded -> Expired
    event JobExpired(uint256 indexed jobId);
    /// @notice ERC-8183: what the provider's agent was paid, net, into its owner's account in the Vault.
    /// @custom:trigger with JobCompleted
    /// @custom:step Job: Completed
    event PaymentReleased(uint256 indexed jobId, address indexed provider, uint256 amount);
    /// @notice ERC-8183: what the client got back, into its account in the Vault.
    /// @custom:trigger with JobRejected and JobExpired; with JobCompleted for what was not paid
    /// @custom:step Job: Completed, Rejected or Expired
    event Refunded(uint256 indexed jobId, address indexed client, uint256 amount);
    /// @notice The evaluator rejects delivered work: the court decides, in this dispute.
    /// @custom:trigger the evaluator
    /// @custom:step Job: Submitted
    event JobContested(uint256 indexed jobId, uint256 indexed disputeId, address indexed evaluator, bytes32 reason);
    /// @notice As which agent an address provides from now on.
    /// @custom:trigger who may act for the agent
    /// @custom:step Provider: agent
    event ProviderServes(address indexed provider, uint256 indexed agentId);

    error UnknownJob(uint256 jobId);
    error WrongStatus(uint256 jobId, JobStatus found);
    /// @notice The caller has another part in this job, or none.
    error Unauthorized(uint256 jobId, address caller);
    error ZeroAddress();
    error ZeroBudget(uint256 jobId);
    error BudgetTooLarge(uint256 jobId, uint256 amount);
    error BudgetMismatch(uint256 jobId, uint256 expected, uint256 found);
    error ProviderNotSet(uint256 jobId);
    error ProviderIsSet(uint256 jobId, address provider);
    /// @notice The provider works as no agent: see `serveAs`.
    error ProviderWithoutAgent(address provider);
    error ExpiryOutOfBounds(uint256 expiredAt, uint256 earliest, uint256 latest);
    error NotExpired(uint256 jobId, uint256 expiredAt);
    /// @notice Delivered work is paid by silence: see docs/standards.md.
    error WorkIsSubmitted(uint256 jobId);
    /// @notice The hook refused, failed, or used more than its share of gas.
    error HookRefused(uint256 jobId, address hook, bytes4 selector);
    error HookWithoutCode(address hook);
    /// @notice Too little gas is left to give the hook its share.
    error GasTooLow(uint256 left, uint256 needed);
    error NotDirect(uint256 taskId);
    error TaskIsJob(uint256 taskId, uint256 jobId);

    /// @notice ERC-8183: creates a job, open and without budget. Provider and hook may be 0, the evaluator may be the client.
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook
    ) external returns (uint256 jobId);

    /// @notice ERC-8183: names the provider of an open job that has none; for the client.
    function setProvider(uint256 jobId, address provider, bytes calldata optParams) external;
    function setProvider(uint256 jobId, address provider) external;

    /// @notice ERC-8183: sets the price of an open job; for client and provider.
    function setBudget(uint256 jobId, uint256 amount, bytes calldata optParams) external;
    function setBudget(uint256 jobId, uint256 amount) external;

    /// @notice ERC-8183: puts the budget in escrow, from the client's account in the Vault as far as that goes, and the rest
    ///         from its wallet by allowance; this creates the task.
    function fund(uint256 jobId, uint256 expectedBudget, bytes calldata optParams) external;
    function fund(uint256 jobId, uint256 expectedBudget) external;

    /// @notice ERC-8183: delivers; for the provider. Whatever the market asks before (bid, start) happens in the same call.
    function submit(uint256 jobId, bytes32 deliverable, bytes calldata optParams) external;
    function submit(uint256 jobId, bytes32 deliverable) external;

    /// @notice ERC-8183: pays; for the evaluator.
    function complete(uint256 jobId, bytes32 reason, bytes calldata optParams) external;
    function complete(uint256 jobId, bytes32 reason) external;

    /// @notice ERC-8183: rejects an open job (client), a funded one nobody has begun (evaluator), or delivered work
    ///         (evaluator), which opens a dispute at the client's cost.
    function reject(uint256 jobId, bytes32 reason, bytes calldata optParams) external;
    function reject(uint256 jobId, bytes32 reason) external;

    /// @notice ERC-8183: gives the budget back from expiredAt on, when nothing was delivered; anyone, and no hook.
    function claimRefund(uint256 jobId) external;

    /// @notice Says as events what has happened to the job's task at the market; anyone.
    function syncJob(uint256 jobId) external;

    /// @notice Makes a direct task of the market a job: its client evaluates, its agent's wallet provides; anyone.
    function adopt(uint256 taskId) external returns (uint256 jobId);

    /// @notice As which agent the caller provides; for who may act for it.
    function serveAs(uint256 agentId) external;

    /// @notice ERC-8183: the job, with its status by its task's state.
    function getJob(uint256 jobId) external view returns (Job memory);

    /// @notice ERC-8183: how many jobs there are.
    function jobCounter() external view returns (uint256);

    /// @notice ERC-8183: the one token of this contract.
    function paymentToken() external view returns (address);

    /// @notice The task of a job, 0 while it is not funded, and the agent that its provider works as.
    function taskOf(uint256 jobId) external view returns (uint256 taskId, uint256 agentId);

    /// @notice The job of a task; 0: none.
    function jobOf(uint256 taskId) external view returns (uint256 jobId);

    /// @notice As which agent an address provides; 0: none.
    function agentOf(address provider) external view returns (uint256 agentId);
}
