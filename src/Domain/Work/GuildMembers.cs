// A membership of an agent in a guild: its share, and the receipts from which it earns. Enters: the guild's events
// about it, and the moment at which it runs out. Leaves: its state. Always holds: a member earns from its joining to
// its expiry, and is paid exactly the amount that it is owed.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one membership.</summary>
public static class GuildMembers
{
    // Events

    /// <summary>A membership changed. The event carries the guild's receipts at that moment.</summary>
    /// <param name="GuildId">The guild.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Status">The new status.</param>
    /// <param name="ShareBps">Its share, in hundredths of a percent.</param>
    /// <param name="ExpiresAt">The time until which the membership earns.</param>
    /// <param name="Receipts">The total that the guild had received by then.</param>
    public sealed record GuildMemberChanged(
        ulong GuildId,
        ulong AgentId,
        byte Status,
        ushort ShareBps,
        Instant ExpiresAt,
        UInt128 Receipts) : DerivedEvent;

    /// <summary>A membership ran out: it has no share in later receipts.</summary>
    /// <param name="GuildId">The guild.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Due">The moment at which it ran out.</param>
    public sealed record GuildMemberLapsed(ulong GuildId, ulong AgentId, Instant Due) : DerivedEvent;

    /// <summary>The receipts up to which a membership that ran out has earned.</summary>
    /// <param name="GuildId">The guild.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Receipts">The total that the guild had received by then.</param>
    public sealed record GuildMemberCapped(ulong GuildId, ulong AgentId, UInt128 Receipts) : DerivedEvent;

    /// <summary>
    /// A member was paid the amount that it was owed. The event carries the guild's receipts at that moment.
    /// </summary>
    /// <param name="GuildId">The guild.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Amount">The amount that was paid.</param>
    /// <param name="Receipts">The total that the guild had received by then.</param>
    public sealed record GuildSharePaid(ulong GuildId, ulong AgentId, UInt128 Amount, UInt128 Receipts) : DerivedEvent;

    /// <summary>Routes the membership's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("guild-member", Evolve)
        .On<GuildMemberChanged>(e => KeyOf(e.GuildId, e.AgentId))
        .On<GuildMemberLapsed>(e => KeyOf(e.GuildId, e.AgentId))
        .On<GuildMemberCapped>(e => KeyOf(e.GuildId, e.AgentId))
        .On<GuildSharePaid>(e => KeyOf(e.GuildId, e.AgentId))
        .Deadlines(NextDeadline, (member, due) => new GuildMemberLapsed(member.GuildId, member.AgentId, due.Due));

    // State

    /// <summary>The status of a membership; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The agent is invited.</summary>
        Invited,

        /// <summary>The agent is a member.</summary>
        Member,

        /// <summary>The agent left by its own will.</summary>
        Left,

        /// <summary>The founder took the agent out.</summary>
        Removed,

        /// <summary>The agent was taken out because its time was over.</summary>
        Expired,
    }

    /// <summary>An agent's membership in a guild, or its invitation.</summary>
    /// <param name="Key">Guild and agent: `3-7`.</param>
    /// <param name="GuildId">The guild.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="ShareBps">Its share, in hundredths of a percent.</param>
    /// <param name="ExpiresAt">The time until which the invitation holds or the member earns.</param>
    /// <param name="SettledReceipts">The receipts up to which the member is settled.</param>
    /// <param name="IsLapsed">Whether the membership's time is over, though nobody has taken it out yet.</param>
    /// <param name="Cap">The receipts up to which the membership has earned, once its time is over.</param>
    /// <param name="Paid">The amount that the member was ever paid.</param>
    /// <param name="JoinedAt">The time at which the agent last joined.</param>
    /// <param name="ChangedAt">The time of the last change.</param>
    public sealed record State(
        string Key,
        ulong GuildId,
        ulong AgentId,
        Status Status,
        ushort ShareBps,
        Instant ExpiresAt,
        UInt128 SettledReceipts,
        bool IsLapsed,
        UInt128 Cap,
        UInt128 Paid,
        Instant JoinedAt,
        Instant ChangedAt);

    // Evolve

    private const ushort Whole = 10_000;

    /// <summary>The amount that a member is owed at given receipts of the guild.</summary>
    public static UInt128 OwedTo(State member, UInt128 receipts) => member.Status == Status.Member
        ? ((member.IsLapsed ? member.Cap : receipts) - member.SettledReceipts) * member.ShareBps / Whole : 0;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, GuildMemberChanged { Status: (byte)Status.Invited or (byte)Status.Member } e) when e.ExpiresAt <= at.Time =>
            null,
        (null or { Status: not Status.Member }, GuildMemberChanged { Status: (byte)Status.Invited } e) => new State(
            KeyOf(e.GuildId, e.AgentId), e.GuildId, e.AgentId, Status.Invited, e.ShareBps, e.ExpiresAt, 0, false, 0,
            state?.Paid ?? 0, state?.JoinedAt ?? default, at.Time),
        (null, _) => null,
        ({ Status: Status.Invited }, GuildMemberChanged { Status: (byte)Status.Member } e) =>
            Changed(state, e, at) with { SettledReceipts = e.Receipts, JoinedAt = at.Time },
        ({ Status: Status.Member, IsLapsed: false }, GuildMemberChanged { Status: (byte)Status.Member } e) =>
            Changed(state, e, at) with { SettledReceipts = e.Receipts },
        ({ Status: Status.Member }, GuildMemberChanged { Status: (byte)Status.Left or (byte)Status.Removed } e) =>
            Changed(state, e, at),
        // A member is taken out for its time only after the chain has seen that time pass.
        ({ Status: Status.Member, IsLapsed: true }, GuildMemberChanged { Status: (byte)Status.Expired } e) =>
            Changed(state, e, at),
        ({ Status: Status.Invited }, GuildMemberChanged { Status: (byte)Status.Removed } e) => Changed(state, e, at),
        ({ Status: Status.Member, IsLapsed: false }, GuildMemberLapsed) => state with { IsLapsed = true },
        ({ Status: Status.Member, IsLapsed: true }, GuildMemberCapped e) => state with { Cap = e.Receipts },
        ({ Status: Status.Member }, GuildSharePaid e) when e.Amount == OwedTo(state, e.Receipts) =>
            state with { SettledReceipts = state.IsLapsed ? state.Cap : e.Receipts, Paid = state.Paid + e.Amount },
        _ => null,
    };

    private static State Changed(State member, GuildMemberChanged e, At at) => member with
    {
        Status = (Status)e.Status,
        ShareBps = e.ShareBps,
        ExpiresAt = e.ExpiresAt,
        SettledReceipts = 0,
        IsLapsed = false,
        Cap = 0,
        ChangedAt = at.Time,
    };

    private static Deadline? NextDeadline(State member) =>
        member is { Status: Status.Member, IsLapsed: false } ? new Deadline(member.ExpiresAt, 1) : null;

    private static string KeyOf(ulong guildId, ulong agentId) => $"{guildId}-{agentId}";

    // Commands

    /// <summary>The agent accepts its invitation, with the terms that it has read.</summary>
    public sealed record Join(Address By, ulong GuildId, ulong AgentId, ushort ShareBps, Instant ExpiresAt)
        : Command(By);

    /// <summary>The founder changes a share.</summary>
    public sealed record SetShare(Address By, ulong GuildId, ulong AgentId, ushort ShareBps, Instant ExpiresAt)
        : Command(By);

    /// <summary>The member leaves.</summary>
    public sealed record Quit(Address By, ulong GuildId, ulong AgentId) : Command(By);

    /// <summary>The founder takes out a member or takes an invitation back.</summary>
    public sealed record Remove(Address By, ulong GuildId, ulong AgentId) : Command(By);

    /// <summary>Pays a member the amount that it is owed; anybody may do it.</summary>
    public sealed record Claim(Address By, ulong GuildId, ulong AgentId) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as member and guild decide it.
    /// </summary>
    public static Decision Decide(State? state, Guilds.State? guild, Command command, Instant now) =>
        (state, guild, command) switch
        {
            (_, null, _) => Decision.Refuse("UnknownGuild", "a guild of that number", "none"),
            (_, { DissolvedAt.IsNone: false }, Join or SetShare or Remove) =>
                Decision.Refuse(
                    "GuildIsDissolved", "a guild that is not dissolved", $"one dissolved at {guild.DissolvedAt}"),
            (not { Status: Status.Invited }, _, Join) => Decision.Refuse("NotInvited", "an invitation", Found(state)),
            (_, _, Join c) when c.ShareBps != state.ShareBps || c.ExpiresAt != state.ExpiresAt => Decision.Refuse(
                "OfferChanged", $"{c.ShareBps} until {c.ExpiresAt}", $"{state.ShareBps} until {state.ExpiresAt}"),
            (_, _, Join) => state.ExpiresAt > now
                ? Fits(guild, guild.AssignedBps + state.ShareBps) ?? Decision.Grant
                : Decision.Refuse("ExpiryInThePast", $"a time after {now}", $"{state.ExpiresAt}"),
            (_, _, SetShare { ShareBps: 0 or > Whole } c) =>
                Decision.Refuse("ShareOutOfBounds", $"a share from 1 to {Whole}", $"{c.ShareBps}"),
            (_, _, SetShare c) when c.ExpiresAt <= now =>
                Decision.Refuse("ExpiryInThePast", $"a time after {now}", $"{c.ExpiresAt}"),
            ({ Status: Status.Invited }, _, Remove) => Decision.Grant,
            (not { Status: Status.Member }, _, _) => Decision.Refuse("NotAMember", "a member", Found(state)),
            (_, _, SetShare) when now >= state.ExpiresAt =>
                Decision.Refuse("NotAMember", "a member", "one whose time is over"),
            (_, _, SetShare c) => Fits(guild, guild.AssignedBps - state.ShareBps + c.ShareBps) ?? Decision.Grant,
            (_, _, Quit or Remove) => Decision.Grant,
            (_, _, Claim) => OwedTo(state, guild.Receipts) == 0
                ? Decision.Refuse("NothingOwed", "something owed", "nothing") : Decision.Grant,
            _ => throw new ArgumentException(
                $"expected a command to a membership, found {command.GetType().Name}", nameof(command)),
        };

    private static string Found(State? member) => member is null ? "none" : $"one that is {member.Status}";

    private static Decision? Fits(Guilds.State guild, int sum) =>
        sum <= Whole
            ? null : Decision.Refuse("SharesExceedWhole", $"at most {Whole}", $"{sum} in guild {guild.GuildId}");
}

/// <summary>The total that a guild had received by each moment of a receipt.</summary>
public static class GuildReceipts
{
    // Events

    /// <summary>A guild received money.</summary>
    /// <param name="GuildId">The guild.</param>
    /// <param name="Time">The moment of the receipt.</param>
    /// <param name="Receipts">The total that the guild has received.</param>
    public sealed record GuildReceived(ulong GuildId, Instant Time, UInt128 Receipts) : DerivedEvent;

    /// <summary>Routes a receipt to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("guild-receipt", Evolve)
        .On<GuildReceived>(e => $"{e.GuildId}-{e.Time}");

    // State

    /// <summary>The receipts of a guild up to and including a second.</summary>
    /// <param name="Key">Guild and second: `3-1700000000`.</param>
    /// <param name="GuildId">The guild.</param>
    /// <param name="Time">The second.</param>
    /// <param name="Receipts">The total that the guild had received by then.</param>
    public sealed record State(string Key, ulong GuildId, Instant Time, UInt128 Receipts);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, GuildReceived e) => new State($"{e.GuildId}-{e.Time}", e.GuildId, e.Time, e.Receipts),
        (_, GuildReceived e) when e.Receipts > state.Receipts => state with { Receipts = e.Receipts },
        _ => null,
    };
}
