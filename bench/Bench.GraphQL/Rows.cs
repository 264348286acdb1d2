// The database that is read: 10,000 agents, 200,000 tasks, 600,000 bids in tables exactly as the indexer makes them,
// with the history that a chain leaves behind. Enters: a cluster. Leaves: a database of its own, filled by SQL. Always
// holds: the same rows every time. A task appears at block id / 2 and changes 5, 30 and 150 blocks later; so does the
// fate of its three bids; an agent changes every 5,000 blocks.
using EventSourced.Indexer;
using EventSourced.Indexer.Commit;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.BenchGraphQL;

internal static class Rows
{
    public const int Agents = 10_000;
    public const int Tasks = 200_000;
    public const int Bids = 3 * Tasks;
    public const int Tip = (Tasks / 2) + 400;
    public const int Final = Tip - 64;

    private const string Database = "bench_graphql";

    public static async Task<string> FillAsync(string cluster, CancellationToken cancellation)
    {
        var database = new NpgsqlConnectionStringBuilder(cluster) { Database = Database }.ConnectionString;
        await using (var source = NpgsqlDataSource.Create(cluster))
        {
            await RunAsync(source, $"drop database if exists {Database} with (force)", cancellation);
            await RunAsync(source, $"create database {Database}", cancellation);
        }

        await using var target = NpgsqlDataSource.Create($"{database};Command Timeout=600");
        await using (var connection = await target.OpenConnectionAsync(cancellation))
        {
            var schema = new ReadModelSchema(ReadModelSchema.Serving, ReadModels.All);
            await EconomyStore.EnsureAsync(target, cancellation);
            await SharedTables.EnsureAsync(connection, "bench", cancellation);
            await schema.CreateAsync(connection, cancellation);
            await RunAsync(target, AgentRows, cancellation);
            await RunAsync(target, TaskRows, cancellation);
            await RunAsync(target, BidRows, cancellation);
            await schema.IndexGrownAsync(connection, target, cancellation);
        }

        await RunAsync(target, $"""
            insert into es_block select n, decode(lpad(to_hex(n), 64, '0'), 'hex'), 1767225600 + n * 2, 0 from generate_series(1, {Tip}) n;
            update es_indexer set tip_number = {Tip}, tip_hash = decode(lpad(to_hex({Tip}), 64, '0'), 'hex'), final_number = {Final},
              final_hash = decode(lpad(to_hex({Final}), 64, '0'), 'hex'), tip_timestamp = 1767225600 + {Tip} * 2, final_timestamp = 1767225600 + {Final} * 2;
            """, cancellation);
        await RunAsync(target, "vacuum (analyze)", cancellation);
        return database;
    }

    // Versions of each thing, one row for each stretch of blocks; the last one is the row as it holds.
    private static string Versioned(string table, string things, string columns, string versions) => $"""
        create temp table v as select {columns}, x.valid_from, x.valid_to from {things}, lateral ({versions}) as x(version, valid_from, valid_to);
        insert into model.{table} ({ColumnsOf(table)}, valid_from) select {ColumnsOf(table)}, valid_from from v where valid_to is null order by 1;
        insert into model.{table}_history ({ColumnsOf(table)}, valid_from, valid_to) select {ColumnsOf(table)}, valid_from, valid_to from v where valid_to is not null order by valid_to;
        drop table v;
        """;

    private static string ColumnsOf(string table)
    {
        var model = ReadModels.All.First(model => model.Table == table);
        return string.Join(", ", [
            .. model.Columns.Select(column => column.Name),
            .. model.HasVersion ? ["stream_version"] : Array.Empty<string>(),
            .. model.HasDeadline ? ["due_at"] : Array.Empty<string>()]);
    }

    private static string AgentRows => Versioned("agent", $"generate_series(1, {Agents}) n", """
        n::bigint as agent_id, decode(lpad(to_hex(n % 3000), 40, 'a'), 'hex') as owner, 1::smallint as status, decode(repeat('00', 32), 'hex') as status_reason,
        decode(repeat('00', 20), 'hex') as wallet, decode(repeat('00', 20), 'hex') as approved, (n % 4)::integer as locks,
        'https://agents.example/' || n || '/registration.json' as uri, x.version::bigint as transfers, 1767225600 + n::bigint as owner_since,
        1767225600 + n::bigint as registered_at, 1767225600 + n + x.version::bigint as updated_at, 2 + x.version::bigint as stream_version
        """, $"""
        select k, b, nullif(lead(b, 1, 0) over (order by b), 0) from (select k, case k when 0 then n / 2 else n / 2 + k * 5000 end as b from generate_series(0, {(Tip - (Agents / 2)) / 5_000}) k) as s
        """);

    // The n-th status of a task that ends in one of seven ways.
    private static string TaskRows => Versioned("task", $"generate_series(1, {Tasks}) n", """
        n::bigint as task_id, decode(lpad(to_hex(n % 5000), 40, 'c'), 'hex') as client, 0::bigint as named_agent_id, 1::smallint as mode, false as is_optimistic,
        decode(lpad(to_hex(n % 8), 64, '0'), 'hex') as domain, (n % 100000 + 10) * 1000000000000000::numeric as max_price, 0::numeric as agent_bond, 0::numeric as min_reputation,
        1767225600 + n::bigint + 86400 as expires_at, 3600::bigint as challenge_window, 1767225600 + n::bigint as created_at,
        (case x.version when 0 then 0 when 1 then 1 when 2 then 3 else (array[7, 7, 7, 8, 1, 4, 5])[1 + n % 7] end)::smallint as status,
        1::integer as round, 3::bigint as bid_count, ''::bytea as board, 1767225600 + n::bigint as opened_at, 1767225600 + n::bigint + 600 as commit_end, 1767225600 + n::bigint + 900 as reveal_end,
        (case when x.version < 2 then 0 else 1 + n::bigint * 7919 % 10000 end)::bigint as agent_id, (case when x.version < 2 then 0 else n * 3 end)::bigint as bid_id,
        (case when x.version < 2 then 0 else (n % 100000 + 5) * 1000000000000000::numeric end)::numeric as price, 0::bigint as start_by, 0::bigint as deliver_by, 0::bigint as review_end, 0::bigint as challenge_end,
        0::bigint as dispute_id, 0::smallint as dispute_kind, 0::smallint as ruled_kinds, 0::smallint as cause, 0::bigint as workflow_id, 0::integer as workflow_step, 0::smallint as overdue,
        1 + x.version::bigint as stream_version, null::bigint as due_at
        """, "values (0, n / 2, n / 2 + 5), (1, n / 2 + 5, n / 2 + 30), (2, n / 2 + 30, n / 2 + 150), (3, n / 2 + 150, null)");

    private static string BidRows => Versioned("bid", $"generate_series(1, {Bids}) n", """
        n::bigint as bid_id, ((n + 2) / 3)::bigint as task_id, 1 + (n::bigint * 6151 % 10000) as agent_id, (case x.version when 0 then 2 else (array[6, 5, 3])[1 + n % 3] end)::smallint as status,
        decode(repeat('00', 32), 'hex') as commitment, (n % 90000 + 5) * 1000000000000000::numeric as price, 3600::numeric as eta, decode(lpad(to_hex(n), 64, '0'), 'hex') as proposal_hash,
        n % 1000000::numeric as score, 1767225600 + n::bigint / 3 as placed_at
        """, "values (0, n / 6 + 10, n / 6 + 30), (1, n / 6 + 30, null)");

    private static async Task RunAsync(NpgsqlDataSource source, string statement, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
