// A guild: members that share its receipts. Enters: its events, the money that it received and paid, and the moments at
// which memberships ran out. Leaves: its state, and the receipts that each member's share is computed from. Always
// holds: at most 32 members, whose shares sum to no more than the whole.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one guild.</summary>
public static class Guilds
{
    // Events

    /// <summary>Routes the guild's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("guild", Evolve)
        .On<GuildFormed>(e => e.GuildId)
        .On<GuildMemberSet>(e => e.GuildId)
        .On<GuildDissolved>(e => e.GuildId)
        .Also<Moved>(OfMoney)
        .Also<GuildMembers.GuildMemberLapsed>(e => e.GuildId)
        .Derives<GuildMemberSet>((guild, e) => [new GuildMembers.GuildMemberChanged(
            e.GuildId, e.AgentId, e.Status, e.ShareBps, e.ExpiresAt, guild.Receipts)])
        .Derives<GuildMembers.GuildMemberLapsed>((guild, e) =>
            [new GuildMembers.GuildMemberCapped(e.GuildId, e.AgentId, guild.Receipts)])
        .Derives<Moved>(Tell);

    // State

    /// <summary>A guild of agents that share its receipts.</summary>
    /// <param name="GuildId">The guild's number, from 1.</param>
    /// <param name="FounderId">The agent that formed it.</param>
    /// <param name="CharterAddress">The address that receives the rest in the end.</param>
    /// <param name="CharterHash">The hash of the charter.</param>
    /// <param name="FormedAt">The time at which the guild was formed.</param>
    /// <param name="MemberIds">The members in the contract's order. Expired members stay in the list until they are
    /// settled out.</param>
    /// <param name="Shares">The members' shares in the same order, in hundredths of a percent.</param>
    /// <param name="AssignedBps">The sum of the shares.</param>
    /// <param name="Receipts">The total that the guild has received.</param>
    /// <param name="ReceivedAt">The time of the last receipt.</param>
    /// <param name="Paid">The total that the guild has paid: to members, and in the end to the charter's
    /// address.</param>
    /// <param name="DissolvedAt">The time at which the guild was dissolved; 0: it is not.</param>
    public sealed record State(
        ulong GuildId,
        ulong FounderId,
        Address CharterAddress,
        Word CharterHash,
        Instant FormedAt,
        Sequence<ulong> MemberIds,
        Sequence<ulong> Shares,
        ushort AssignedBps,
        UInt128 Receipts,
        Instant ReceivedAt,
        UInt128 Paid,
        Instant DissolvedAt);

    // Evolve

    private const byte GuildShare = 33;
    private const byte GuildReceipt = 43;
    private const ushort Whole = 10_000;
    private const int MostMembers = 32;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, GuildFormed e) => new State(
            e.GuildId, e.FounderId, e.CharterAddress, e.CharterHash, at.Time, [], [], 0, 0, default, 0, default),
        (null, _) => null,
        (_, GuildMemberSet e) => Set(state, e, state.MemberIds.Items.IndexOf(e.AgentId)),
        ({ DissolvedAt.IsNone: true }, Moved { Reason: GuildReceipt } e) =>
            state with { Receipts = state.Receipts + e.Amount, ReceivedAt = at.Time },
        (_, Moved { Reason: GuildShare } e) when state.Paid + e.Amount <= state.Receipts =>
            state with { Paid = state.Paid + e.Amount },
        (_, GuildMembers.GuildMemberLapsed e) when state.MemberIds.Items.Contains(e.AgentId) => state,
        ({ DissolvedAt.IsNone: true }, GuildDissolved) => state with { DissolvedAt = at.Time },
        _ => null,
    };

    private static State? Set(State guild, GuildMemberSet e, int place)
    {
        var status = (GuildMembers.Status)e.Status;
        // A dissolved guild lets its members leave and does nothing else.
        if (!guild.DissolvedAt.IsNone && status != GuildMembers.Status.Left) return null;
        return status switch
        {
            GuildMembers.Status.Invited when place < 0 => guild,
            GuildMembers.Status.Member when place >= 0 => Assigned(guild, Replaced(guild.Shares, place, e.ShareBps)),
            GuildMembers.Status.Member when guild.MemberIds.Count < MostMembers => Assigned(
                guild with { MemberIds = [.. guild.MemberIds.Items, e.AgentId] }, [.. guild.Shares.Items, e.ShareBps]),
            GuildMembers.Status.Left or GuildMembers.Status.Removed or GuildMembers.Status.Expired
                when place >= 0 => Assigned(
                guild with { MemberIds = TakenOut(guild.MemberIds, place) }, TakenOut(guild.Shares, place)),
            // An invitation was taken back.
            GuildMembers.Status.Removed => guild,
            _ => null,
        };
    }

    private static State? Assigned(State guild, Sequence<ulong> shares)
    {
        var sum = 0UL;
        foreach (var share in shares.Items) sum += share;
        return sum <= Whole ? guild with { Shares = shares, AssignedBps = (ushort)sum } : null;
    }

    private static Sequence<ulong> Replaced(Sequence<ulong> items, int place, ulong item)
    {
        var next = items.Items.ToArray();
        next[place] = item;
        return new Sequence<ulong>(next);
    }

    // The last item moves into the freed place.
    private static Sequence<ulong> TakenOut(Sequence<ulong> items, int place) =>
        [.. Replaced(items, place, items[items.Count - 1]).Items[..^1]];

    private static bool OfMoney(Moved e, out ulong guildId)
    {
        guildId = 0;
        return e.Reason switch
        {
            GuildReceipt => Accounts.TryNumber(e.To, Accounts.Kind.Guild, out guildId),
            GuildShare => Accounts.TryNumber(e.From, Accounts.Kind.Guild, out guildId),
            _ => false,
        };
    }

    private static DerivedEvent[] Tell(State guild, Moved e)
    {
        if (e.Reason == GuildReceipt) return [new GuildReceipts.GuildReceived(
            guild.GuildId, guild.ReceivedAt, guild.Receipts)];
        // Agent 0 stands for the charter's address.
        return Accounts.TryNumber(e.Ref, Accounts.Kind.External, out var agentId) && agentId != 0
            ? [new GuildMembers.GuildSharePaid(guild.GuildId, agentId, e.Amount, guild.Receipts)] : [];
    }

    // Commands

    /// <summary>The founder invites an agent.</summary>
    public sealed record Invite(Address By, ulong GuildId, ulong AgentId, ushort ShareBps, Instant ExpiresAt)
        : Command(By);

    /// <summary>Pays money into the guild; anybody may do it.</summary>
    public sealed record Pay(Address By, ulong GuildId, UInt128 Amount) : Command(By);

    /// <summary>The founder or the charter's address ends the guild.</summary>
    public sealed record Dissolve(Address By, ulong GuildId) : Command(By);

    /// <summary>Settles every member and sends the rest to the charter's address; anybody may do it.</summary>
    public sealed record SweepGuild(Address By, ulong GuildId) : Command(By);

    // Decide

    private const ulong SweepAfter = 30 * 24 * 3600;

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as the guild alone decides it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("UnknownGuild", "a guild of that number", "none"),
        ({ DissolvedAt.IsNone: true }, SweepGuild) =>
            Decision.Refuse("GuildNotDissolved", "a dissolved guild", "one that is not"),
        (_, SweepGuild) => Moments.From(now, state.DissolvedAt.Plus(SweepAfter))
            ?? (state.Paid == state.Receipts
                ? Decision.Refuse("NothingLeft", "something in its account", "nothing") : Decision.Grant),
        ({ DissolvedAt.IsNone: false }, _) =>
            Decision.Refuse(
                "GuildIsDissolved", "a guild that is not dissolved", $"one dissolved at {state.DissolvedAt}"),
        (_, Invite { ShareBps: 0 or > Whole } c) =>
            Decision.Refuse("ShareOutOfBounds", $"a share from 1 to {Whole}", $"{c.ShareBps}"),
        (_, Invite c) when c.ExpiresAt <= now =>
            Decision.Refuse("ExpiryInThePast", $"a time after {now}", $"{c.ExpiresAt}"),
        (_, Invite c) => state.MemberIds.Items.Contains(c.AgentId)
            ? Decision.Refuse("NotInvited", "an agent outside the guild", $"member {c.AgentId}") : Decision.Grant,
        (_, Pay c) => c.Amount == 0 ? Decision.Refuse("NothingReceived", "some amount", "0") : Decision.Grant,
        (_, Dissolve) => Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a guild, found {command.GetType().Name}", nameof(command)),
    };
}
