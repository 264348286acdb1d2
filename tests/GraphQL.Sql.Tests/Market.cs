// A small model by hand: agents post tasks and bid on them, over blocks; on a real PostgreSQL, with a past.
using EventSourced.GraphQL.Execution;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.GraphQL.Sql.Tests;

public sealed class Market : IAsyncLifetime
{
    public const int Blocks = 40;

    public const int Final = 31;

    private TestDatabase _database = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public RequestExecutor Executor { get; private set; } = null!;

    public static SqlModel Model { get; } = new(
        [
            new("Agent", "agent", "id",
            [
                new("id", "id", SqlScalar.LongId),
                new("name", "name", SqlScalar.Text),
                new("owner", "owner", SqlScalar.Hex("Address", 20)),
                new("rating", "rating", SqlScalar.Float) { IsNullable = true },
            ])
            {
                Relations =
                    [new("tasks", "Task", "id", "agent_id", IsMany: true),
                        new("bids", "Bid", "id", "agent_id", IsMany: true)],
                History = new("agent_history"),
            },
            new("Task", "task", "id",
            [
                new("id", "id", SqlScalar.LongId),
                new("title", "title", SqlScalar.Text) { IsNullable = true },
                new("state", "state", SqlScalar.Enum("TaskState", "OPEN", "RUNNING", "FINAL")) { IsGroupable = true },
                new("amountWei", "amount_wei", SqlScalar.Wei) { IsSummable = true },
                new("createdAt", "created_at", SqlScalar.DateTime),
                new("deadline", "deadline", SqlScalar.DateTime) { IsNullable = true },
                new("isPaid", "is_paid", SqlScalar.Boolean),
            ])
            {
                Relations =
                [
                    new("agent", "Agent", "agent_id", "id", IsMany: false) { IsNullable = false },
                    new("parent", "Task", "parent_id", "id", IsMany: false),
                    new("bids", "Bid", "id", "task_id", IsMany: true),
                ],
                History = new("task_history"),
            },
            new("Bid", "bid", "id",
            [
                new("id", "id", SqlScalar.LongId),
                new("price", "price", SqlScalar.Int) { IsSummable = true },
            ])
            {
                Relations =
                    [new("task", "Task", "task_id", "id", IsMany: false) { IsNullable = false },
                        new("bidder", "Agent", "agent_id", "id", IsMany: false)],
                History = new("bid_history"),
            },
        ],
        new SqlBlocks("block", "progress"));

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Database =
            NpgsqlDataSource.Create($"{_database.ConnectionString};Max Auto Prepare=200;Auto Prepare Min Usages=2");
        await RunAsync(
            Tables("", false) + Tables(
                "_history", true) + """
                create table block (number bigint primary key, hash bytea not null unique);
                create table progress (tip_number bigint, tip_hash bytea, final_number bigint, final_hash bytea);
                """);
        await FillAsync();
        Executor = MakeExecutor(Database);
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await _database.DisposeAsync();
    }

    public static RequestExecutor MakeExecutor(NpgsqlDataSource database) =>
        new(SchemaBuilder.New().AddSqlModel(Model, database)
            .Create(), new ExecutionOptions { IncludeExceptionDetails = true });

    public async Task RunAsync(string statements)
    {
        await using var command = Database.CreateCommand(statements);
        await command.ExecuteNonQueryAsync();
    }

    public static string Tables(string suffix, bool isPast)
    {
        var span = isPast ? "valid_from bigint not null, valid_to bigint not null" : "valid_from bigint not null";
        var key = isPast ? "primary key (id, valid_from)" : "primary key (id)";
        return $"""
            create table agent{suffix} (id bigint not null, name text not null, owner bytea not null, rating double precision, {span}, {key});
            create table task{suffix} (id bigint not null, title text, state text not null, amount_wei numeric not null, created_at timestamptz not null,
              deadline timestamptz, is_paid boolean not null, agent_id bigint not null, parent_id bigint, {span}, {key});
            create table bid{suffix} (id bigint not null, price integer not null, task_id bigint not null, agent_id bigint, {span}, {key});
            """;
    }

    // Rows appear over the first blocks and change in every later one; each change leaves the old row in the history.
    private async Task FillAsync()
    {
        await RunAsync($"""
            insert into block select n, decode(lpad(to_hex(n), 64, '0'), 'hex') from generate_series(0, {Blocks}) n;
            insert into progress values ({Blocks}, null, {Final}, null);
            insert into agent select n, case n when 1 then E'Ada "the\\first" \n' || chr(233) else 'Agent ' || n end, decode(lpad(to_hex(n), 40, 'a'), 'hex'),
              case n % 4 when 0 then null when 1 then n / 3.0 when 2 then 'NaN'::float8 else 2 end, n % 5 from generate_series(1, 12) n;
            insert into task select n, case when n % 7 = 0 then null else 'Task ' || n % 10 end, (array['OPEN','RUNNING','FINAL'])[1 + n % 3],
              n * 1000000000000000000000::numeric, timestamptz '2026-01-01 00:00:00.123456Z' + (n % 9) * interval '1 hour',
              case when n % 3 = 0 then null else timestamptz '2026-02-01Z' + (n % 5) * interval '1 day' end, n % 2 = 0, 1 + n % 12,
              case when n % 4 = 0 then n / 2 end, n % 20 from generate_series(1, 60) n;
            insert into bid select n, n * 37 % 11, 1 + n % 60, case when n % 6 = 0 then null else 1 + n % 12 end, n % 20 from generate_series(1, 200) n;
            """);
        for (var block = 21; block <= Blocks; block++)
        {
            await RunAsync($"""
                insert into task_history select *, {block} from task where id % 7 = {block} % 7;
                update task set state = (array['OPEN','RUNNING','FINAL'])[1 + ({block} + id) % 3], title = 'Title ' || {block}, amount_wei = amount_wei + 1,
                  valid_from = {block} where id % 7 = {block} % 7;
                insert into agent_history select *, {block} from agent where id % 6 = {block} % 6;
                update agent set rating = {block}, valid_from = {block} where id % 6 = {block} % 6;
                insert into bid_history select *, {block} from bid where id % 11 = {block} % 11;
                delete from bid where id % 11 = {block} % 11 and id % 2 = 0;
                update bid set price = price + {block}, valid_from = {block} where id % 11 = {block} % 11;
                """);
        }
    }
}
