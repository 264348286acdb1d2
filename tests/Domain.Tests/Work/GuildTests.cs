// Guilds: members, shares, receipts, and what a membership that ran out still earns.
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Work;

public class GuildTests
{
    private const ulong Start = 1_000_000;
    private const byte Wallet = 1;
    private const byte GuildAccount = 11;
    private const byte Invited = 1;
    private const byte Member = 2;
    private const byte Left = 3;
    private const byte Removed = 4;
    private const byte Expired = 5;

    private static SmallChain Formed() => SmallChain.Whole(Start).Happens(new GuildFormed(1, 7, Stranger, Hash(1)));

    private static SmallChain Joined(ulong agent = 8, ushort share = 4_000, ulong expires = Start + 1_000) =>
        Formed().Happens(Set(agent, Invited, share, expires), Set(agent, Member, share, expires));

    private static GuildMemberSet Set(ulong agent, byte status, ushort share = 0, ulong expires = 0) =>
        new(1, agent, status, share, expires);

    private static Moved Paid(UInt128 amount) => Move(Account(Wallet, 1), Account(GuildAccount, 1), 1, amount, 43);

    private static Moved Share(ulong agent, UInt128 amount) =>
        Move(Account(GuildAccount, 1), Account(Wallet, 2), agent, amount, 33);

    private static Guilds.State Guild(SmallChain chain) => chain.Of(Guilds.Fold, 1UL);

    private static GuildMembers.State MemberOf(SmallChain chain, ulong agent = 8) =>
        chain.Of(GuildMembers.Fold, $"1-{agent}");

    [Fact]
    public void A_member_earns_from_its_joining_on_and_is_paid_exactly_what_it_is_owed()
    {
        var chain = Formed().Happens(
            Paid(1_000), Set(8, Invited, 4_000, Start + 1_000), Set(8, Member, 4_000, Start + 1_000), Paid(500));
        Assert.Equal((UInt128)200, GuildMembers.OwedTo(MemberOf(chain), Guild(chain).Receipts));
        chain.Happens(Share(8, 200));
        Assert.Equal(((UInt128)1_500, (UInt128)200), (MemberOf(chain).SettledReceipts, MemberOf(chain).Paid));
        Assert.Equal(((UInt128)1_500, (UInt128)200), (Guild(chain).Receipts, Guild(chain).Paid));
        Assert.Empty(chain.Violations);
        Assert.Equal(["guild-member-1-8: GuildSharePaid"], chain.Happens(Paid(500), Share(8, 199)).Violations);
    }

    [Fact]
    public void What_comes_in_at_the_expiry_itself_is_no_longer_shared()
    {
        var chain = Joined().After(999).Happens(Paid(1_000)).Until(Start + 1_000).Happens(Paid(1_000));
        Assert.Equal((true, (UInt128)1_000), (MemberOf(chain).IsLapsed, MemberOf(chain).Cap));
        Assert.Equal((UInt128)400, GuildMembers.OwedTo(MemberOf(chain), Guild(chain).Receipts));
        chain.After(100).Happens(Share(8, 400), Set(8, Expired));
        Assert.Equal((GuildMembers.Status.Expired, (UInt128)400, (UInt128)0),
            MemberOf(chain) is var gone ? (gone.Status, gone.Paid, gone.SettledReceipts) : default);
        Assert.Empty(Guild(chain).MemberIds);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_claim_after_the_expiry_settles_up_to_it()
    {
        var chain = Joined().Happens(Paid(1_000)).After(2_000).Happens(Paid(700), Share(8, 400));
        Assert.Equal(((UInt128)1_000, (UInt128)0),
            (MemberOf(chain).SettledReceipts, GuildMembers.OwedTo(MemberOf(chain), Guild(chain).Receipts)));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_last_member_moves_into_a_freed_place_as_in_the_contract()
    {
        var chain = Formed();
        foreach (var agent in new ulong[] { 8, 9, 10 }) chain.Happens(
            Set(agent, Invited, 2_000, Start + 1_000), Set(agent, Member, 2_000, Start + 1_000));
        chain.Happens(Set(8, Left));
        Assert.Equal([10UL, 9UL], Guild(chain).MemberIds);
        Assert.Equal(4_000, Guild(chain).AssignedBps);
        chain.Happens(Set(10, Member, 500, Start + 2_000), Set(9, Removed));
        Assert.Equal([10UL], Guild(chain).MemberIds);
        Assert.Equal([500UL], Guild(chain).Shares);
        Assert.Equal((ushort)500, MemberOf(chain, 10).ShareBps);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Shares_sum_to_no_more_than_the_whole_and_members_to_no_more_than_32()
    {
        Assert.Contains("guild-1: GuildMemberSet",
            Joined(8, 6_000).Happens(
                Set(9, Invited, 4_001, Start + 1_000), Set(9, Member, 4_001, Start + 1_000)).Violations);
        var chain = Formed();
        for (ulong agent = 100; agent < 132; agent++) chain.Happens(
            Set(agent, Invited, 10, Start + 1_000), Set(agent, Member, 10, Start + 1_000));
        Assert.Empty(chain.Violations);
        chain.Happens(Set(132, Invited, 10, Start + 1_000), Set(132, Member, 10, Start + 1_000));
        Assert.Equal(["guild-1: GuildMemberSet"], chain.Violations);
    }

    [Fact]
    public void Nobody_joins_without_an_invitation_and_no_member_is_invited()
    {
        Assert.Contains(
            "guild-member-1-8: GuildMemberChanged", Formed().Happens(Set(8, Member, 10, Start + 10)).Violations);
        Assert.Contains("guild-1: GuildMemberSet", Joined().Happens(Set(8, Invited, 10, Start + 10)).Violations);
        var taken = Formed().Happens(Set(8, Invited, 10, Start + 10), Set(8, Removed), Set(8, Invited, 20, Start + 10));
        Assert.Equal((GuildMembers.Status.Invited, (ushort)20), (MemberOf(taken).Status, MemberOf(taken).ShareBps));
        Assert.Empty(taken.Violations);
    }

    [Fact]
    public void A_dissolved_guild_lets_members_go_and_does_nothing_else()
    {
        var chain = Joined().Happens(Paid(1_000), new GuildDissolved(1), Share(8, 400), Set(8, Left), Share(0, 600));
        Assert.Equal(((UInt128)1_000, new Instant(Start)), (Guild(chain).Paid, Guild(chain).DissolvedAt));
        Assert.Empty(chain.Violations);
        Assert.Single(Joined().Happens(new GuildDissolved(1), new GuildDissolved(1)).Violations);
        Assert.Single(Joined().Happens(new GuildDissolved(1), Paid(1)).Violations);
        Assert.Contains("guild-1: GuildMemberSet", Joined().Happens(new GuildDissolved(1), Set(8, Removed)).Violations);
    }

    [Fact]
    public void Receipts_are_kept_by_the_second()
    {
        var chain = Formed().Happens(Paid(100), Paid(50)).After(10).Happens(Paid(1));
        Assert.Equal((UInt128)150, chain.Of(GuildReceipts.Fold, $"1-{Start}").Receipts);
        Assert.Equal((UInt128)151, chain.Of(GuildReceipts.Fold, $"1-{Start + 10}").Receipts);
        Assert.Null(GuildReceipts.Fold.Evolve(
            chain.Of(GuildReceipts.Fold, $"1-{Start}"), new GuildReceipts.GuildReceived(1, Start, 150), default));
    }

    [Fact]
    public void A_guild_pays_as_the_contract_counts_whatever_happens_when() => Seed.Run(random =>
    {
        for (var walk = 0; walk < 20; walk++)
        {
            var model = new ModelGuild();
            var chain = Formed();
            for (var step = 0; step < 150; step++)
            {
                chain.After((ulong)random.Next(40));
                chain.Happens([.. model.Step(random, (ulong)chain.Now.Seconds)]);
                Assert.Empty(chain.Violations);
                foreach (var agent in model.Members)
                    Assert.Equal(model.Owed(agent, (ulong)chain.Now.Seconds),
                        GuildMembers.OwedTo(MemberOf(chain, agent), Guild(chain).Receipts));
                Assert.Equal(model.Members, Guild(chain).MemberIds);
            }
        }
    });

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_contract()
    {
        var chain = Joined().Happens(Paid(1_000));
        var (guild, member) = (Guild(chain), MemberOf(chain));
        var invited = MemberOf(Formed().Happens(Set(8, Invited, 4_000, Start + 1_000)));
        var over = guild with { DissolvedAt = Start };
        Refused("UnknownGuild", Guilds.Decide(null, new Guilds.Pay(Owner, 1, 5), Start));
        Granted(Guilds.Decide(guild, new Guilds.Pay(Owner, 1, 5), Start));
        Refused("NothingReceived", Guilds.Decide(guild, new Guilds.Pay(Owner, 1, 0), Start));
        Refused("GuildIsDissolved", Guilds.Decide(over, new Guilds.Pay(Owner, 1, 5), Start));
        Granted(Guilds.Decide(guild, new Guilds.Invite(Owner, 1, 9, 100, Start + 1), Start));
        Refused("NotInvited", Guilds.Decide(guild, new Guilds.Invite(Owner, 1, 8, 100, Start + 1), Start));
        Refused("ShareOutOfBounds", Guilds.Decide(guild, new Guilds.Invite(Owner, 1, 9, 10_001, Start + 1), Start));
        Refused("ExpiryInThePast", Guilds.Decide(guild, new Guilds.Invite(Owner, 1, 9, 100, Start), Start));
        Granted(Guilds.Decide(guild, new Guilds.Dissolve(Owner, 1), Start));
        Refused("GuildNotDissolved", Guilds.Decide(guild, new Guilds.SweepGuild(Owner, 1), Start));
        Refused("TooEarly", Guilds.Decide(over, new Guilds.SweepGuild(Owner, 1), Start));
        Granted(Guilds.Decide(over, new Guilds.SweepGuild(Owner, 1), Start + 2_592_000));
        Refused("NothingLeft",
            Guilds.Decide(over with { Paid = 1_000 }, new Guilds.SweepGuild(Owner, 1), Start + 2_592_000));
        Assert.Throws<ArgumentException>(() => Guilds.Decide(guild, new Channels.Close(Owner, 1), Start));
        Refused("UnknownGuild", GuildMembers.Decide(member, null, new GuildMembers.Quit(Owner, 1, 8), Start));
        Granted(GuildMembers.Decide(invited, guild, new GuildMembers.Join(Owner, 1, 8, 4_000, Start + 1_000), Start));
        Refused("ExpiryInThePast",
            GuildMembers.Decide(
                invited, guild, new GuildMembers.Join(Owner, 1, 8, 4_000, Start + 1_000), Start + 1_000));
        Refused("OfferChanged",
            GuildMembers.Decide(invited, guild, new GuildMembers.Join(Owner, 1, 8, 4_001, Start + 1_000), Start));
        Refused("OfferChanged",
            GuildMembers.Decide(invited, guild, new GuildMembers.Join(Owner, 1, 8, 4_000, Start + 999), Start));
        Refused("SharesExceedWhole",
            GuildMembers.Decide(invited, guild with { AssignedBps = 6_001 },
                new GuildMembers.Join(Owner, 1, 8, 4_000, Start + 1_000), Start));
        Refused("NotInvited",
            GuildMembers.Decide(null, guild, new GuildMembers.Join(Owner, 1, 8, 4_000, Start + 1_000), Start));
        Refused("GuildIsDissolved",
            GuildMembers.Decide(invited, over, new GuildMembers.Join(Owner, 1, 8, 4_000, Start + 1_000), Start));
        Granted(GuildMembers.Decide(member, guild, new GuildMembers.SetShare(Owner, 1, 8, 100, Start + 1), Start));
        Refused("ShareOutOfBounds",
            GuildMembers.Decide(member, guild, new GuildMembers.SetShare(Owner, 1, 8, 0, Start + 1), Start));
        Refused("ExpiryInThePast",
            GuildMembers.Decide(member, guild, new GuildMembers.SetShare(Owner, 1, 8, 100, Start), Start));
        Refused("SharesExceedWhole",
            GuildMembers.Decide(member, guild with { AssignedBps = 9_000 },
                new GuildMembers.SetShare(Owner, 1, 8, 5_001, Start + 1), Start));
        Refused("NotAMember",
            GuildMembers.Decide(
                member, guild, new GuildMembers.SetShare(Owner, 1, 8, 100, Start + 5_000), Start + 1_000));
        Granted(GuildMembers.Decide(member, over, new GuildMembers.Quit(Owner, 1, 8), Start));
        Granted(GuildMembers.Decide(invited, guild, new GuildMembers.Remove(Owner, 1, 8), Start));
        Refused("NotAMember", GuildMembers.Decide(invited, guild, new GuildMembers.Quit(Owner, 1, 8), Start));
        Granted(GuildMembers.Decide(member, guild, new GuildMembers.Claim(Owner, 1, 8), Start));
        Refused("NothingOwed",
            GuildMembers.Decide(
                member with { SettledReceipts = 1_000 }, guild, new GuildMembers.Claim(Owner, 1, 8), Start));
        Assert.Throws<ArgumentException>(() => GuildMembers.Decide(member, guild, new Channels.Close(Owner, 1), Start));
    }

    /// <summary>The contract in small: a trace of receipts by the second, and what it emits.</summary>
    private sealed class ModelGuild
    {
        private readonly SortedList<ulong, UInt128> _trace = [];
        private readonly Dictionary<ulong, (ulong Expires, ulong Share, UInt128 From)> _terms = [];
        private readonly HashSet<ulong> _invited = [];

        internal List<ulong> Members { get; } = [];

        internal UInt128 Owed(ulong agent, ulong now)
        {
            var (expires, share, from) = _terms[agent];
            return (UpTo(expires, now) - from) * share / 10_000;
        }

        internal List<ChainEvent> Step(Random random, ulong now)
        {
            var agent = (ulong)random.Next(8, 14);
            List<ChainEvent> events = [];
            var action = random.Next(6);
            if (action == 0)
            {
                var amount = (UInt128)random.Next(1, 5_000);
                _trace[now] = Latest() + amount;
                events.Add(Paid(amount));
            }
            else if (action == 1 && !Members.Contains(agent))
            {
                SettleExpired(now, events);
                _invited.Add(agent);
                _terms[agent] = (now + (ulong)random.Next(1, 200), (ulong)random.Next(1, 1_500), 0);
                events.Add(Set(agent, Invited, (ushort)_terms[agent].Share, _terms[agent].Expires));
            }
            else if (action == 2 && _invited.Contains(agent) && _terms[agent].Expires > now)
            {
                SettleExpired(now, events);
                _invited.Remove(agent);
                Members.Add(agent);
                _terms[agent] = _terms[agent] with { From = Latest() };
                events.Add(Set(agent, Member, (ushort)_terms[agent].Share, _terms[agent].Expires));
            }
            else if (action == 3 && Members.Contains(agent))
            {
                Settle(agent, now, events);
            }
            else if (action == 4 && Members.Contains(agent))
            {
                TakeOut(agent, Left, now, events);
            }
            else if (action == 5)
            {
                SettleExpired(now, events);
                if (!Members.Contains(agent)) return events;
                Settle(agent, now, events);
                _terms[agent] = (now + (ulong)random.Next(1, 200), (ulong)random.Next(1, 1_500), Latest());
                events.Add(Set(agent, Member, (ushort)_terms[agent].Share, _terms[agent].Expires));
            }

            return events;
        }

        private UInt128 Latest() => _trace.Count == 0 ? 0 : _trace.Values[^1];

        private UInt128 UpTo(ulong expires, ulong now) =>
            now < expires
                ? Latest() : _trace.Where(entry => entry.Key < expires).Select(entry => entry.Value).LastOrDefault();

        private void Settle(ulong agent, ulong now, List<ChainEvent> events)
        {
            var owed = Owed(agent, now);
            if (owed == 0) return;
            _terms[agent] = _terms[agent] with { From = UpTo(_terms[agent].Expires, now) };
            events.Add(Share(agent, owed));
        }

        private void TakeOut(ulong agent, byte status, ulong now, List<ChainEvent> events)
        {
            Settle(agent, now, events);
            Members[Members.IndexOf(agent)] = Members[^1];
            Members.RemoveAt(Members.Count - 1);
            events.Add(Set(agent, status));
        }

        private void SettleExpired(ulong now, List<ChainEvent> events)
        {
            foreach (var member in Members.ToArray())
                if (_terms[member].Expires <= now) TakeOut(member, Expired, now, events);
        }
    }
}
