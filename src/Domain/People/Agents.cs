// An agent: a token of the registry with an owner, a wallet that acts for it, and a registration file. Its stream holds
// every event of the registry about it. Always holds: an agent with locks keeps its owner; a new owner starts without
// the old one's approval; revoked is final.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one agent.</summary>
public static class Agents
{
    /// <summary>The metadata key that the registry reserves for the agent's wallet.</summary>
    public const string WalletKey = "agentWallet";

    // Events

    /// <summary>Routes the registry's events to an agent.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("agent", Evolve)
        .On<AgentRegistryTransfer>(e => e.TokenId)
        .On<Registered>(e => e.AgentId)
        .On<MetadataSet>(e => e.AgentId)
        .On<URIUpdated>(e => e.AgentId)
        .On<MetadataUpdate>(e => e.TokenId)
        .On<AgentStatusSet>(e => e.AgentId)
        .On<AgentLocksSet>(e => e.AgentId)
        .On<AgentRegistryApproval>(e => e.TokenId);

    // State

    /// <summary>Whether an agent may take on duties; the numbers are the registry's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The agent may take on duties.</summary>
        Active,

        /// <summary>The agent takes on no duties for now.</summary>
        Paused,

        /// <summary>The agent never takes on duties again.</summary>
        Revoked,
    }

    /// <summary>An agent of the economy, registered as a token.</summary>
    /// <param name="AgentId">The agent's number, from 1: its token.</param>
    /// <param name="Owner">The address that owns the agent.</param>
    /// <param name="Status">Whether it may take on duties.</param>
    /// <param name="StatusReason">The reason that the owner gave when it last set the status.</param>
    /// <param name="Wallet">The address that acts for the agent beside its owner; the zero address: nobody.</param>
    /// <param name="Approved">The address that the owner approved to act for this agent and to transfer it; the zero
    /// address: nobody.</param>
    /// <param name="Locks">The number of duties for which the agent cannot change hands.</param>
    /// <param name="Uri">The place of its registration file.</param>
    /// <param name="Transfers">The number of times it changed hands.</param>
    /// <param name="OwnerSince">The time at which the present owner became the owner.</param>
    /// <param name="RegisteredAt">The time of registration.</param>
    /// <param name="UpdatedAt">The time of the owner's last change.</param>
    public sealed record State(
        ulong AgentId,
        Address Owner,
        Status Status,
        Word StatusReason,
        Address Wallet,
        Address Approved,
        ushort Locks,
        string Uri,
        ulong Transfers,
        Instant OwnerSince,
        Instant RegisteredAt,
        Instant UpdatedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, AgentRegistryTransfer { From.IsZero: true, To.IsZero: false } e) => new State(
            e.TokenId, e.To, Status.Active, default, default, default, 0, "", 0, at.Time, default, at.Time),
        (null, _) => null,
        // A token is minted first and registered in the same transaction: nothing can come between.
        ({ RegisteredAt.IsNone: true }, Registered e) when e.Owner == state.Owner =>
            state with { Uri = e.AgentURI, RegisteredAt = at.Time },
        ({ RegisteredAt.IsNone: true }, _) => null,
        ({ Locks: 0 }, AgentRegistryTransfer { To.IsZero: false } e) when e.From == state.Owner => state with
        {
            Owner = e.To,
            Approved = default,
            Transfers = state.Transfers + 1,
            OwnerSince = at.Time,
            UpdatedAt = at.Time,
        },
        (_, MetadataSet { MetadataKey: WalletKey } e) => SetWallet(state, e.MetadataValue.Content, at),
        (_, MetadataSet) => state with { UpdatedAt = at.Time },
        (_, URIUpdated e) => state with { Uri = e.NewURI, UpdatedAt = at.Time },
        // URIUpdated has said this already; MetadataUpdate repeats it in the words of ERC-4906.
        (_, MetadataUpdate) => state,
        ({ Status: not Status.Revoked },
            AgentStatusSet { Status: >= (byte)Status.Active and <= (byte)Status.Revoked } e) =>
            state with { Status = (Status)e.Status, StatusReason = e.Reason, UpdatedAt = at.Time },
        (_, AgentLocksSet e) when e.Locks == state.Locks + UInt128.One || e.Locks + UInt128.One == state.Locks =>
            e.Locks <= ushort.MaxValue ? state with { Locks = (ushort)e.Locks } : null,
        (_, AgentRegistryApproval e) when e.Owner == state.Owner =>
            state with { Approved = e.Approved, UpdatedAt = at.Time },
        _ => null,
    };

    private static State? SetWallet(State agent, ReadOnlySpan<byte> wallet, in At at) => wallet.Length switch
    {
        0 => agent with { Wallet = default, UpdatedAt = at.Time },
        Address.Length => agent with { Wallet = new Address(wallet), UpdatedAt = at.Time },
        _ => null,
    };

    // Commands

    /// <summary>Sets the place of the registration file.</summary>
    public sealed record SetAgentURI(Address By, ulong AgentId, string Uri, bool IsOperator) : Command(By);

    /// <summary>Sets a metadata value.</summary>
    public sealed record SetMetadata(Address By, ulong AgentId, string MetadataKey, bool IsOperator) : Command(By);

    /// <summary>Names the wallet that acts for the agent, by that wallet's signature.</summary>
    public sealed record SetAgentWallet(Address By, ulong AgentId, Address Wallet, Instant Deadline, bool IsOperator)
        : Command(By);

    /// <summary>Removes the wallet.</summary>
    public sealed record UnsetAgentWallet(Address By, ulong AgentId, bool IsOperator) : Command(By);

    /// <summary>Pauses, resumes or revokes the agent.</summary>
    public sealed record SetStatus(Address By, ulong AgentId, byte Status, bool IsOperator) : Command(By);

    /// <summary>Transfers the agent to another owner.</summary>
    public sealed record TransferFrom(Address By, ulong AgentId, Address From, Address To, bool IsOperator)
        : Command(By);

    // Decide

    private const ulong LongestDeadline = 300;

    /// <summary>
    /// Whether an address may act for an agent: as its owner, as the approved address, as an operator of the owner, or
    /// as its wallet.
    /// </summary>
    /// <param name="agent">The agent.</param>
    /// <param name="actor">The address that wants to act.</param>
    /// <param name="isOperator">Whether the owner has approved it for all of its agents.</param>
    public static bool MayAct(State agent, Address actor, bool isOperator) =>
        !actor.IsZero && (IsApproved(agent, actor, isOperator) || agent.Wallet == actor);

    /// <summary>
    /// Predicts the registry's answer to a command at a moment. The command itself says whether the signer is an
    /// operator.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("ERC721NonexistentToken", "an agent of that number", "none"),
        (_, SetAgentURI c) => Approved(state, c.By, c.IsOperator) ?? Decision.Grant,
        (_, SetMetadata c) => Approved(state, c.By, c.IsOperator) ?? (c.MetadataKey == WalletKey
            ? Decision.Refuse("ReservedKey", "a key other than the wallet's", WalletKey) : Decision.Grant),
        (_, SetAgentWallet c) => Approved(state, c.By, c.IsOperator) ?? Named(c, now),
        (_, UnsetAgentWallet c) => Approved(state, c.By, c.IsOperator) ?? Decision.Grant,
        (_, SetStatus c) => Approved(state, c.By, c.IsOperator)
            ?? (c.Status is < (byte)Status.Active or > (byte)Status.Revoked
                ? Decision.Refuse("UnknownStatus", "1 active, 2 paused or 3 revoked", $"{c.Status}")
                : state.Status == Status.Revoked
                    ? Decision.Refuse("Revoked", "an agent that is not revoked", "a revoked one") : Decision.Grant),
        (_, TransferFrom c) => Given(state, c),
        _ => throw new ArgumentException(
            $"expected a command to an agent, found {command.GetType().Name}", nameof(command)),
    };

    private static bool IsApproved(State agent, Address actor, bool isOperator) =>
        !actor.IsZero && (actor == agent.Owner || isOperator || actor == agent.Approved);

    private static Decision? Approved(State agent, Address by, bool isOperator) => IsApproved(agent, by, isOperator)
        ? null : Decision.Refuse("NotAgent", $"the owner {agent.Owner} or whom it approved", $"{by}");

    private static Decision Named(SetAgentWallet c, Instant now) =>
        c.Wallet.IsZero ? Decision.Refuse("ZeroWallet", "a wallet", "the zero address")
        : now > c.Deadline ? Decision.Refuse("SignatureExpired", $"a deadline from {now}", $"{c.Deadline}")
        : c.Deadline > now.Plus(LongestDeadline)
            ? Decision.Refuse("DeadlineTooFar", $"a deadline until {now.Plus(LongestDeadline)}", $"{c.Deadline}")
            : Decision.Grant;

    private static Decision Given(State agent, TransferFrom c) =>
        c.To.IsZero ? Decision.Refuse("ERC721InvalidReceiver", "a receiver", "the zero address")
        : !IsApproved(agent, c.By, c.IsOperator)
            ? Decision.Refuse("ERC721InsufficientApproval", $"the owner {agent.Owner} or whom it approved", $"{c.By}")
        : agent.Locks != 0 ? Decision.Refuse("AgentLocked", "an agent without locks", $"one with {agent.Locks}")
        : c.From != agent.Owner ? Decision.Refuse("ERC721IncorrectOwner", $"the owner {agent.Owner}", $"{c.From}")
        : Decision.Grant;
}
