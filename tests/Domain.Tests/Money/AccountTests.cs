// Accounts of the vault: what encoders write, readers read back, and the numbers are those of the contracts' source.
using System.Globalization;
using System.Text.RegularExpressions;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Ledger;

public partial class AccountTests
{
    [Fact]
    public void An_account_is_its_kind_before_its_id()
    {
        Assert.Equal(Account(2, 7), Accounts.Task(7));
        Assert.Equal(Account(4, 9), Accounts.Stake(9));
        Assert.Equal(Account(5, ulong.MaxValue), Accounts.Unbonding(ulong.MaxValue));
        Assert.Equal(Account(7, 3), Accounts.Dispute(3));
        Assert.Equal(Account(8, 3), Accounts.Bounty(3));
        Assert.Equal(Account(9, 3), Accounts.Channel(3));
        Assert.Equal(Account(10, 3), Accounts.Lease(3));
        Assert.Equal(Account(11, 3), Accounts.Guild(3));
        Assert.Equal(Account(12, 3), Accounts.Workflow(3));
        Assert.Equal(Account(13, 3), Accounts.Checkpoint(3));
        Assert.Equal(Account(14, 5, 7), Accounts.Reward(5, 7));
        Assert.Equal(Account(16, 0), Accounts.Treasury);
        Assert.Equal(Account(17, 0), Accounts.Burn);
        Assert.Equal(Account(0, 1), Accounts.External(Client));
        Assert.Equal(Account(1, 1), Accounts.Credit(Client));
    }

    [Fact]
    public void Ids_of_several_parts_lie_where_the_contracts_put_them()
    {
        Assert.Equal(Account(3, 0, (UInt128)7 << 80 | (UInt128)2 << 64 | 9), Accounts.Bid(7, 2, 9));
        Assert.Equal(
            Account(3, ulong.MaxValue >> 48, UInt128.MaxValue),
            Accounts.Bid(ulong.MaxValue, ushort.MaxValue, ulong.MaxValue));
        Assert.Equal(Pledge(2, 0, (UInt128)7 << 32 | 1 << 24 | 2 << 16 | 3), Accounts.Seat(7, 1, 2, 3));
        Assert.Equal(Pledge(1, 0, 7), Accounts.AtRisk(Accounts.Pledge.Task, new UInt256(0, 7)));
    }

    [Fact]
    public void A_proposal_s_account_has_the_lower_part_of_its_id()
    {
        var id = Word.Parse("0xff" + new string('a', 62));
        Assert.Equal(Word.Parse("0x0f" + new string('a', 62)), Accounts.Proposal(id));
    }

    [Fact]
    public void Ids_that_are_too_wide_are_refused_by_name()
    {
        var wide = Assert.Throws<ArgumentOutOfRangeException>(
            () => Accounts.Encode(Accounts.Kind.Task, new UInt256(UInt128.One << 120, 0)));
        Assert.Contains("248 bits", wide.Message);
        var tagged = Assert.Throws<ArgumentOutOfRangeException>(
            () => Accounts.AtRisk(Accounts.Pledge.Seat, new UInt256(UInt128.One << 112, 0)));
        Assert.Contains("240 bits", tagged.Message);
    }

    [Fact]
    public void Every_account_is_read_back_as_it_was_written() => Seed.Run(random =>
    {
        for (var i = 0; i < 1_000; i++)
        {
            var kind = (Accounts.Kind)random.Next(18);
            var id = new UInt256(
                (UInt128)(ulong)random.NextInt64() << 32 >> 8, (UInt128)(ulong)random.NextInt64() << 64 | 5);
            var account = Accounts.Encode(kind, id);
            Assert.Equal((kind, id), (Accounts.KindOf(account), Accounts.IdOf(account)));
            var number = (ulong)random.NextInt64();
            Assert.True(Accounts.TryNumber(Accounts.Encode(kind, new UInt256(0, number)), kind, out var read));
            Assert.Equal(number, read);
        }
    });

    [Fact]
    public void Only_numbers_of_the_kind_that_was_asked_for_are_read_as_numbers()
    {
        Assert.False(Accounts.TryNumber(Accounts.Task(7), Accounts.Kind.Stake, out _));
        Assert.False(Accounts.TryNumber(Account(2, 1, 7), Accounts.Kind.Task, out _));
        Assert.False(Accounts.TryNumber(Account(2, (UInt128)ulong.MaxValue + 1), Accounts.Kind.Task, out _));
    }

    [Fact]
    public void Wallets_and_what_lies_outside_have_a_holder_and_nothing_else_has()
    {
        Assert.Equal(Client, Accounts.HolderOf(Accounts.Credit(Client)));
        Assert.Equal(Client, Accounts.HolderOf(Accounts.External(Client)));
        Assert.True(Accounts.HolderOf(Accounts.Task(1)).IsZero);
    }

    [Fact]
    public void Kinds_and_pledges_are_numbered_as_in_the_contracts()
    {
        Assert.Equal(Names("enum Kind {"), Enum.GetNames<Accounts.Kind>());
        Assert.Equal(Names("enum Pledge {"), Enum.GetNames<Accounts.Pledge>());
    }

    [Fact]
    public void Reasons_are_numbered_as_in_the_contracts() => Assert.Equal(
        Constant().Matches(Source()).Select(
            row => (Pascal(row.Groups[1].Value), byte.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture))),
        Enum.GetValues<Reason>().Select(reason => (reason.ToString(), (byte)reason)));

    private static IEnumerable<string> Names(string head)
    {
        var source = Source();
        var start = source.IndexOf(head, StringComparison.Ordinal) + head.Length;
        return source[start..source.IndexOf('}', start)].Split(',', StringSplitOptions.TrimEntries).Select(Pascal);
    }

    private static string Pascal(string constant) =>
        string.Concat(constant.Split('_').Select(part => part[..1] + part[1..].ToLowerInvariant()));

    private static string Source() => RepositoryFile.Read("contracts/src/libraries/Accounts.sol");

    [GeneratedRegex(@"uint8 internal constant (\w+) = (\d+);")]
    private static partial Regex Constant();
}
