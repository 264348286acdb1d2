// The replay as a process: what it prints and which exit code says what.
namespace EventSourced.Host.Tests;

[Collection(EconomyTests.Name)]
public class ReplayTests(EconomyChain economies)
{
    private const string Tamper =
        """
        update mt_events set data = jsonb_set(data, '{Value}', to_jsonb('0x' || repeat('0', 63) || '7'))
         where seq_id = (select min(seq_id) from mt_events where type = 'param_set')
        """;

    [Fact]
    public async Task What_is_stored_is_what_the_events_and_the_chain_make()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        var (code, output) = await ReplayAsync(economy, "--from", "streams", "--verify");
        Assert.True(code == 0, output);
        Assert.Contains("verified: what is stored is what the events make", output, StringComparison.Ordinal);
        Assert.Contains("root: 0x", output, StringComparison.Ordinal);
        (code, output) = await ReplayAsync(
            economy, "--from", "chain", "--verify", "--rpc", economy.Chain.Endpoint.ToString(), "--deployment",
            economy.Chain.Deployment);
        Assert.True(code == 0, output);
        Assert.False(await economy.HasAsync("select exists (select from pg_namespace where nspname = 'replay')"));
    }

    [Fact]
    public async Task An_earlier_block_and_a_single_table_can_be_asked_for()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        var (code, output) = await ReplayAsync(economy, "--verify", "--to-block", "5", "--model", "parameter");
        Assert.True(code == 0, output);
        Assert.Contains("rows: 1 of ", output, StringComparison.Ordinal);
        Assert.Contains("as of block 5, equal", output, StringComparison.Ordinal);
        Assert.Contains("root: not compared; it is stored at the tip alone", output, StringComparison.Ordinal);
        (code, output) = await ReplayAsync(economy, "--from", "streams");
        Assert.True(code == 0, output);
        Assert.Matches(
            @"^replayed [\d,]+ events up to block \d+ from streams: [\d,]+ events/s, root 0x[0-9a-f]{64}\s*$", output);
    }

    [Fact]
    public async Task A_tampered_event_is_found_from_the_streams_and_from_the_chain()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        await economy.ExecuteAsync(Tamper);
        var (code, output) = await ReplayAsync(economy, "--from", "streams", "--verify");
        Assert.True(code == 1, output);
        Assert.Contains("different: table ", output, StringComparison.Ordinal);
        (code, output) = await ReplayAsync(
            economy, "--from", "chain", "--verify", "--rpc", economy.Chain.Endpoint.ToString(), "--deployment",
            economy.Chain.Deployment);
        Assert.True(code == 1, output);
        Assert.Matches("different: block [0-9]+, event [0-9]+, sequence [0-9]+: expected .*, found ", output);
    }

    [Fact]
    public async Task An_event_that_was_taken_away_is_found()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        await economy.ExecuteAsync("delete from mt_events where seq_id = (select max(seq_id) from mt_events)");
        var (code, output) = await ReplayAsync(
            economy, "--from", "chain", "--verify", "--rpc", economy.Chain.Endpoint.ToString(), "--deployment",
            economy.Chain.Deployment);
        Assert.True(code == 1, output);
    }

    [Fact]
    public async Task A_question_that_does_not_fit_ends_with_2_and_a_fault_with_3()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        await using var empty = await Economy.BesideAsync(economies.Chain);
        await AssertAsync(2, "model: expected one of ", "--verify", "--model", "cook");
        await AssertAsync(2, "model: expected --model together with --verify", "--model", "parameter");
        await AssertAsync(2, "to-block: expected a block up to the tip ", "--to-block", "1000000");
        await AssertAsync(2, "rpc: expected at least one http(s) address of a node, found nothing", "--from", "chain");
        var (code, output) = await ReplayAsync(empty, "--verify");
        Assert.True(code == 2
            && output.Contains("database: expected one that was indexed, found no table", StringComparison.Ordinal),
                output);
        (code, output) = await HostProcess.RunAsync(
            "replay", "--database", "Host=127.0.0.1;Port=1;Username=es;Database=es");
        Assert.True(code == 3 && output.StartsWith("es replay: ", StringComparison.Ordinal), output);

        async Task AssertAsync(int expected, string words, params string[] arguments)
        {
            var (found, said) = await ReplayAsync(economy, arguments);
            Assert.True(found == expected && said.Contains(words, StringComparison.Ordinal), $"{found}: {said}");
        }
    }

    [Fact]
    public async Task A_second_replay_of_the_same_database_is_refused()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        await using var first = await Npgsql.NpgsqlDataSource.Create(economy.Database).OpenConnectionAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "select pg_advisory_lock(x'65735f7265706c61'::bigint)", first);
        await command.ExecuteNonQueryAsync();
        var (code, output) = await ReplayAsync(economy);
        Assert.True(code == 2
            && output.Contains("expected one replay at a time, found another one under way", StringComparison.Ordinal),
            output);
    }

    private static Task<(int Code, string Output)> ReplayAsync(Economy economy, params string[] arguments) =>
        HostProcess.RunAsync(["replay", "--database", economy.Database, .. arguments]);
}
