// The declarations of the keepers against everything that they name: commands, contracts, tables, the page of the docs.
using System.Text.RegularExpressions;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Ethereum.Abi;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.Workers.Keeping;
using EventSourced.World;
using Npgsql;

namespace EventSourced.Commands.Tests;

public sealed partial class KeeperTableTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    // What anybody may send and no deadline asks for: it begins something, it brings a signature, it is a choice of who
    // sends it, or it needs what only somebody knows (a proof of a reward, the secret of a seed).
    private static readonly string[] NotKept =
    [
        "agents.register", "agents.registerBare", "agents.registerWithMetadata", "agents.setApprovalForAll",
        "bounties.open", "channels.claimWithSignature", "channels.deposit", "channels.open", "channels.refundWithSignature", "credit.approve", "credit.cancelAuthorization",
        "credit.permit", "credit.transfer", "credit.transferFrom", "credit.transferWithAuthorization",
        "disputes.revealSeed", "faucet.drip",
        "feedback.appendResponse", "guilds.pay", "jobs.create", "proposals.castVoteBySig",
        "proposals.castVoteWithReasonAndParamsBySig", "proposals.execute",
        "rewards.claim", "tasks.create", "timelock.execute", "vault.deposit", "vault.depositFor",
        "vault.depositWithPermit", "vault.withdraw", "verifiers.refreshWeight", "workflows.create",
    ];

    [Fact]
    public void Every_command_that_anybody_may_send_is_kept_or_named_as_no_deadlines()
    {
        var anybodys = CommandTable.All.Where(entry => entry.Sender == Sender.Anyone).Select(entry => entry.Name);
        Assert.Empty(anybodys.Except(NotKept).Except(KeeperTable.All.Select(keeper => keeper.Command)));
        Assert.Empty(NotKept.Intersect(KeeperTable.All.Select(keeper => keeper.Command)));
    }

    [Fact]
    public void Every_keepers_command_is_in_the_table_of_commands_with_its_contract_and_function()
    {
        Assert.Equal(KeeperTable.All.Count, KeeperTable.All.Select(keeper => keeper.Name).Distinct().Count());
        foreach (var keeper in KeeperTable.All)
        {
            var entry = CommandTable.Find(keeper.Command);
            Assert.True(entry is not null, keeper.Name);
            Assert.Equal((keeper.Name, keeper.Contract), (keeper.Name, entry.Contract.Name));
            Assert.Equal(entry.Function.Canonical, entry.Contract.Function(keeper.Function).Canonical);
        }
    }

    // The tables of the read models alone are made: each query names columns that are there, and finds nothing.
    [Fact]
    public async Task Every_keepers_query_is_answered_by_the_tables_of_the_read_models()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var store = CommandStore.Open(source);
        await CommandStore.PrepareAsync(store, source, None);
        await using var connection = await source.OpenConnectionAsync(None);
        await new ReadModelSchema(TableNames.ServingSchema, ReadModels.All).CreateAsync(connection, None);
        var now = new Moment(1_750_000_000, 100);
        foreach (var keeper in KeeperTable.All)
        {
            try
            {
                Assert.Empty(await DutyTable.DueAsync(connection, keeper, now, 10, None));
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(DutyTable.Take(keeper, now, new KeepingOptions()));
                await batch.ExecuteNonQueryAsync(None);
            }
            catch (PostgresException fault)
            {
                Assert.Fail($"{keeper.Name}: {fault.MessageText}\n{keeper.Rows}");
            }
        }
    }

    [Fact]
    public async Task The_page_of_the_docs_lists_every_keeper_in_the_words_of_its_declaration()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(WorldChain.Root, "docs/operations/keepers.md"), None);
        var expected = KeeperTable.All.Select(
            keeper => $"| `{keeper.Name}` | {keeper.What} | `{keeper.Command}` | {(keeper.IsPaid ? "yes" : "")} |");
        var table = page[page.IndexOf("## The keepers", StringComparison.Ordinal)..];
        Assert.Equal(expected, Row().Matches(table).Select(row => row.Value.TrimEnd('\r')));
    }

    [Fact]
    public void Arguments_of_a_query_become_values_of_the_contract_and_others_are_refused_by_their_place()
    {
        var types = AbiType.ParseAll("uint256", "address[]", "bytes", "bytes32");
        var values = JsonArguments.Read(
            """[7, ["0x00000000000000000000000000000000000000aa"], "0x0102", {"keccak": "words"}]""", types);
        Assert.Equal(7UL, (ulong)values[0].AsUInt256());
        Assert.Equal("0x0102", values[2].ToString());
        Assert.Equal(Ethereum.Keccak256.Hash("words").ToString(), values[3].ToString());
        var refusal = Assert.Throws<FormatException>(() => JsonArguments.Read("""["x", [], "0x", "0x"]""", types));
        Assert.Contains("[0]", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => JsonArguments.Read("[1]", types));
    }

    [GeneratedRegex(@"^\| `[a-z-]+` \| .*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
