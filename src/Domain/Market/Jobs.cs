// A job of ERC-8183: its task, in the words of the standard. Enters: the events of the door, which is the contract
// Jobs. Leaves: the state that these events tell; `syncJob` brings the market's later events to the door. Always holds:
// from its funding on a job has one task for good; an ended job stays as it ended.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The aggregate of one job.</summary>
public static class Jobs
{
    // Events

    /// <summary>Routes the door's events to a job.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("job", Evolve)
        .On<JobCreated>(e => e.JobId)
        .On<JobDescribed>(e => e.JobId)
        .On<ProviderSet>(e => e.JobId)
        .On<BudgetSet>(e => e.JobId)
        .On<JobFunded>(e => e.JobId)
        .On<JobLinked>(e => e.JobId)
        .On<JobSubmitted>(e => e.JobId)
        .On<JobContested>(e => e.JobId)
        .On<JobCompleted>(e => e.JobId)
        .On<JobRejected>(e => e.JobId)
        .On<JobExpired>(e => e.JobId)
        .On<PaymentReleased>(e => e.JobId)
        .On<Refunded>(e => e.JobId);

    // State

    /// <summary>The status of a job; the numbers are the standard's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>The job has no money yet.</summary>
        Open,

        /// <summary>The budget is in escrow.</summary>
        Funded,

        /// <summary>The work is delivered.</summary>
        Submitted,

        /// <summary>The work is paid.</summary>
        Completed,

        /// <summary>The job was rejected: there is nothing to pay.</summary>
        Rejected,

        /// <summary>The job expired before anything was delivered.</summary>
        Expired,
    }

    /// <summary>A job of ERC-8183.</summary>
    /// <param name="JobId">The job's number, from 1.</param>
    /// <param name="Client">The address that asks for the work and pays.</param>
    /// <param name="Provider">The address that does the work; the zero address: nobody yet.</param>
    /// <param name="Evaluator">The address that decides whether the work is done.</param>
    /// <param name="Hook">The contract that is told of every action; the zero address: none.</param>
    /// <param name="Description">The work that is asked for, in the client's words.</param>
    /// <param name="Budget">The price, in base units.</param>
    /// <param name="ExpiredAt">The time until which the work can be delivered.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="TaskId">The task that carries the job; 0: none yet.</param>
    /// <param name="AgentId">The agent that the provider works as; 0: none yet.</param>
    /// <param name="IsAdopted">Whether the task existed before the job adopted it.</param>
    /// <param name="Deliverable">The hash of the delivered work.</param>
    /// <param name="DisputeId">The dispute by which the evaluator rejected the work; 0: none.</param>
    /// <param name="Reason">The last reason that the evaluator or the client gave.</param>
    /// <param name="Rejector">The address that rejected the job; the zero address: nobody.</param>
    /// <param name="Paid">The amount that the provider's agent received, net of fees.</param>
    /// <param name="Refunded">The amount that the client got back.</param>
    /// <param name="CreatedAt">The time at which the job was created.</param>
    /// <param name="FundedAt">The time at which the job was funded; 0: not yet.</param>
    /// <param name="SubmittedAt">The time at which the delivery was told; 0: not yet.</param>
    /// <param name="EndedAt">The time at which the end was told; 0: not yet.</param>
    public sealed record State(
        ulong JobId,
        Address Client,
        Address Provider,
        Address Evaluator,
        Address Hook,
        string Description,
        UInt128 Budget,
        Instant ExpiredAt,
        Status Status,
        ulong TaskId,
        ulong AgentId,
        bool IsAdopted,
        Word Deliverable,
        ulong DisputeId,
        Word Reason,
        Address Rejector,
        UInt128 Paid,
        UInt128 Refunded,
        Instant CreatedAt,
        Instant FundedAt,
        Instant SubmittedAt,
        Instant EndedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, JobCreated { Evaluator.IsZero: false, Client.IsZero: false } e)
            when e.ExpiredAt <= ulong.MaxValue => new State(
            e.JobId, e.Client, e.Provider, e.Evaluator, e.Hook, "", 0, (ulong)e.ExpiredAt, Status.Open, 0, 0, false,
            default, 0, default, default, 0, 0, at.Time, default, default, default),
        (null, _) => null,
        ({ Status: Status.Open }, JobDescribed e) => state with { Description = e.Description },
        ({ Status: Status.Open, Provider.IsZero: true }, ProviderSet { Provider.IsZero: false } e) =>
            state with { Provider = e.Provider },
        ({ Status: Status.Open }, BudgetSet e) => state with { Budget = e.Amount },
        ({ Status: Status.Open, Budget: var budget }, JobFunded e)
            when e.Client == state.Client && e.Amount == budget && budget != 0 =>
            state with { Status = Status.Funded, FundedAt = at.Time },
        ({ Status: Status.Funded, TaskId: 0 }, JobLinked { TaskId: not 0, AgentId: not 0 } e) =>
            state with { TaskId = e.TaskId, AgentId = e.AgentId, IsAdopted = e.Adopted },
        ({ Status: Status.Funded, TaskId: not 0 }, JobSubmitted e) when e.Provider == state.Provider =>
            state with { Status = Status.Submitted, Deliverable = e.Deliverable, SubmittedAt = at.Time },
        ({ Status: Status.Submitted }, JobContested e) when e.Evaluator == state.Evaluator =>
            state with { DisputeId = e.DisputeId, Reason = e.Reason },
        ({ Status: Status.Submitted }, JobCompleted e) when e.Evaluator == state.Evaluator =>
            state with { Status = Status.Completed, Reason = Said(state, e.Reason), EndedAt = at.Time },
        ({ Status: <= Status.Submitted }, JobRejected e) =>
            state with
            {
                Status = Status.Rejected,
                Reason = Said(state, e.Reason),
                Rejector = e.Rejector,
                EndedAt = at.Time,
            },
        ({ Status: Status.Funded }, JobExpired) => state with { Status = Status.Expired, EndedAt = at.Time },
        ({ Status: Status.Completed, Paid: var paid }, PaymentReleased e)
            when paid == 0 && e.Provider == state.Provider =>
            state with { Paid = e.Amount },
        ({ Status: >= Status.Completed, Refunded: var refunded }, Refunded e)
            when refunded == 0 && e.Client == state.Client =>
            state with { Refunded = e.Amount },
        _ => null,
    };

    // The market's own endings carry no reason.
    private static Word Said(State job, Word reason) => reason.IsZero ? job.Reason : reason;

    // Commands

    /// <summary>Creates a job.</summary>
    public sealed record CreateJob(Address By, Address Provider, Address Evaluator, Instant ExpiredAt) : Command(By);

    /// <summary>Names the provider.</summary>
    public sealed record SetProvider(Address By, ulong JobId, Address Provider) : Command(By);

    /// <summary>Sets the budget.</summary>
    public sealed record SetBudget(Address By, ulong JobId, UInt128 Amount) : Command(By);

    /// <summary>Puts the budget in escrow.</summary>
    /// <param name="By">The client.</param>
    /// <param name="JobId">The job.</param>
    /// <param name="ExpectedBudget">The budget that the client expects to pay.</param>
    /// <param name="ProviderAgentId">The agent that the provider works as; 0: none.</param>
    public sealed record Fund(Address By, ulong JobId, UInt128 ExpectedBudget, ulong ProviderAgentId) : Command(By);

    /// <summary>Delivers the work.</summary>
    public sealed record Submit(Address By, ulong JobId, Word Deliverable) : Command(By);

    /// <summary>Accepts the work and pays.</summary>
    public sealed record Complete(Address By, ulong JobId, Word Reason) : Command(By);

    /// <summary>Rejects the work.</summary>
    public sealed record Reject(Address By, ulong JobId, Word Reason) : Command(By);

    /// <summary>Returns the budget of an expired job to its client.</summary>
    public sealed record ClaimRefund(Address By, ulong JobId) : Command(By);

    // Decide

    private const ulong Longest = 90 * 86_400;

    /// <summary>
    /// Predicts the door's answer to a command at a moment. The task's own state predicts the market's part of the
    /// answer.
    /// </summary>
    public static Decision Decide(State? job, Command command, Instant now) => (job, command) switch
    {
        (_, CreateJob c) => Created(c, now),
        (null, _) => Decision.Refuse("UnknownJob", "a job of that number", "none"),
        (_, SetProvider c) => In(job, Status.Open) ?? Only(job.Client, c.By) ?? (
            !job.Provider.IsZero ? Decision.Refuse("ProviderIsSet", "a job without a provider", $"{job.Provider}")
            : c.Provider.IsZero ? Decision.Refuse("ZeroAddress", "a provider", "the zero address")
            : Decision.Grant),
        (_, SetBudget c) =>
            In(job, Status.Open) ?? (c.By == job.Client ? null : Only(job.Provider, c.By)) ?? Decision.Grant,
        (_, Fund c) => In(job, Status.Open) ?? Only(job.Client, c.By) ?? Funded(job, c),
        (_, Submit c) => In(job, Status.Funded) ?? Only(job.Provider, c.By) ?? Decision.Grant,
        (_, Complete c) => In(job, Status.Submitted) ?? Only(job.Evaluator, c.By) ?? Decision.Grant,
        (_, Reject c) => job.Status > Status.Submitted
            ? Wrong(job, "an open, funded or submitted job")
            : Only(job.Status == Status.Open ? job.Client : job.Evaluator, c.By) ?? Decision.Grant,
        (_, ClaimRefund) => job.Status == Status.Submitted
            ? Decision.Refuse("WorkIsSubmitted", "a job without a delivery", "a delivered one")
            : In(job, Status.Funded) ?? (now < job.ExpiredAt
                ? Decision.Refuse("NotExpired", $"a time from {job.ExpiredAt}", $"{now}") : Decision.Grant),
        _ => throw new ArgumentException(
            $"expected a command to a job, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision Created(CreateJob c, Instant now) =>
        c.Evaluator.IsZero ? Decision.Refuse("ZeroAddress", "an evaluator", "the zero address")
        : c.ExpiredAt <= now || c.ExpiredAt > now.Plus(Longest)
            ? Decision.Refuse(
                "ExpiryOutOfBounds", $"a time after {now} and until {now.Plus(Longest)}", $"{c.ExpiredAt}")
            : Decision.Grant;

    private static Decision Funded(State job, Fund c) =>
        job.Budget == 0 ? Decision.Refuse("ZeroBudget", "a budget", "0")
        : job.Provider.IsZero ? Decision.Refuse("ProviderNotSet", "a provider", "none")
        : job.Budget != c.ExpectedBudget ? Decision.Refuse("BudgetMismatch", $"{c.ExpectedBudget}", $"{job.Budget}")
        : c.ProviderAgentId == 0 ? Decision.Refuse(
            "ProviderWithoutAgent", "a provider that serves as an agent", $"{job.Provider}")
        : Decision.Grant;

    private static Decision? In(State job, Status needed) =>
        job.Status == needed ? null : Wrong(job, $"a job that is {needed}");

    private static Decision Wrong(State job, string expected) =>
        Decision.Refuse("WrongStatus", expected, $"{job.Status}");

    private static Decision? Only(Address expected, Address by) =>
        by == expected ? null : Decision.Refuse("Unauthorized", $"{expected}", $"{by}");
}
