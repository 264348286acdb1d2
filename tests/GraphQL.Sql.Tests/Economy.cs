// Tables in the form that the indexer makes: a schema of their own, no nulls, enums as numbers, times as seconds, words
// and addresses as bytes, lists; blocks of which only those with events are known, and one row of progress.
using EventSourced.GraphQL.Execution;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.GraphQL.Sql.Tests;

public sealed class Economy : IAsyncLifetime
{
    public const int First = 5;

    public const int Tip = 60;

    public const int Final = 48;

    private TestDatabase _database = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public RequestExecutor Executor { get; private set; } = null!;

    private static SqlScalar Status { get; } = SqlScalar.Enum(
        "JobStatus", "Where a \"job\" stands.", [new("CREATED", 0, "New."), new("RUNNING", 2), new("DONE", 7)]);

    private static SqlModel ModelIn(string schema) => new(
        [
            new("Worker", $"{schema}.worker", "workerId",
            [
                new("workerId", "worker_id", SqlScalar.LongId),
                new("owner", "owner", SqlScalar.Hex("Address", 20)) { HasNone = true },
                new("uri", "uri", SqlScalar.Text) { IsSearchable = true },
                new("reputation", "reputation", SqlScalar.BigInt) { IsSummable = true },
                new("transfers", "transfers", SqlScalar.Long) { IsSummable = true },
                new("streamVersion", "stream_version", SqlScalar.Long),
            ])
            {
                Prefix = "worker",
                Relations = [new("jobs", "Job", "worker_id", "worker_id", IsMany: true)],
                History = new($"{schema}.worker_history"),
            },
            new("Job", $"{schema}.job", "jobId",
            [
                new("jobId", "job_id", SqlScalar.LongId),
                new("status", "status", Status) { IsGroupable = true },
                new("price", "price", SqlScalar.Wei) { IsSummable = true },
                new("delta", "delta", SqlScalar.BigInt) { IsSummable = true },
                new("locks", "locks", SqlScalar.SmallInt) { IsSummable = true, IsGroupable = true },
                new("rounds", "rounds", SqlScalar.Int) { IsSummable = true },
                new("createdAt", "created_at", SqlScalar.UnixTime) { IsGroupable = true },
                new("startedAt", "started_at", SqlScalar.UnixTime) { HasNone = true, IsGroupable = true },
                new("isOpen", "is_open", SqlScalar.Boolean) { IsGroupable = true },
                new("terms", "terms", SqlScalar.Bytes),
                new("need", "need", SqlScalar.Hex("Bytes32", 32)),
                new("skills", "skills", SqlScalar.LongIds),
                new("board", "board", SqlScalar.HexList("Bytes32", 32)),
                new("dueAt", "due_at", SqlScalar.UnixTime) { IsNullable = true },
            ])
            {
                Prefix = "job",
                IsSerial = true,
                Relations =
                [
                    new("worker", "Worker", "worker_id", "worker_id", IsMany: false),
                    new("notes", "JobNote", "job_id", "job_id", IsMany: true),
                ],
                History = new($"{schema}.job_history"),
            },
            new("JobNote", $"{schema}.job_note", "noteId",
            [
                new("noteId", "note_id", SqlScalar.Text),
                new("text", "text", SqlScalar.Text) { IsSearchable = true, HasNone = true },
            ])
            {
                Prefix = "job-note",
                Relations = [new("job", "Job", "job_id", "job_id", IsMany: false) { IsNullable = false }],
                History = new($"{schema}.job_note_history"),
            },
            new("Voter", $"{schema}.voter", "voter",
            [
                new("voter", "voter", SqlScalar.Hex("Address", 20)),
                new("weight", "weight", SqlScalar.Wei),
            ])
            {
                Prefix = "voter",
                History = new($"{schema}.voter_history"),
            },
        ],
        new SqlBlocks("es_block", "es_indexer") { First = First })
    {
        Values =
            [new("_progress", "select json_build_object('tip', tip_number, 'final', final_number) from es_indexer")],
    };

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Database = NpgsqlDataSource.Create(
            $"{_database.ConnectionString};Max Auto Prepare=200;Auto Prepare Min Usages=2;Timezone=UTC");
        await RunAsync(Tables("model"));
        await FillAsync();
        Executor = MakeExecutor(Database);
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await _database.DisposeAsync();
    }

    public static RequestExecutor MakeExecutor(NpgsqlDataSource database, string schema = "model") => new(
        SchemaBuilder.New().AddSqlModel(ModelIn(schema), database).AddDocumentFromString(
            """
            "How far the index is."
            type Progress { "The newest block." tip: Int! "The newest final block." final: Int! "Twice the newest." twice: Int! }
            extend type Query { "How far the index is." _progress: Progress! }
            """)
            .AddResolver("Progress", "twice", context =>
                context.Parent<System.Text.Json.JsonElement>().GetProperty("tip").GetInt32() * 2)
            .Create(),
        new ExecutionOptions { IncludeExceptionDetails = true });

    public async Task RunAsync(string statements)
    {
        await using var command = Database.CreateCommand(statements);
        await command.ExecuteNonQueryAsync();
    }

    public static string Tables(string schema)
    {
        (string Name, string Columns)[] tables =
        [
            ("worker",
                "worker_id bigint not null, owner bytea not null, uri text not null, reputation numeric not null, transfers bigint not null, stream_version bigint not null"),
            ("job",
                "job_id bigint not null, worker_id bigint not null, status smallint not null, price numeric not null, delta numeric not null, locks smallint not null, rounds integer not null, created_at bigint not null, started_at bigint not null, is_open boolean not null, terms bytea not null, need bytea not null, skills bigint[] not null, board bytea not null, due_at bigint"),
            ("job_note", "note_id text not null, job_id bigint not null, text text not null"),
            ("voter", "voter bytea not null, weight numeric not null"),
        ];
        return $"create schema {schema};" + string.Concat(tables.Select(table => $"""
            create table {schema}.{table.Name} ({table.Columns}, valid_from bigint not null, primary key ({table.Columns.Split(' ')[0]}));
            create table {schema}.{table.Name}_history ({table.Columns}, valid_from bigint not null, valid_to bigint not null, primary key ({table.Columns.Split(' ')[0]}, valid_from));
            create index on {schema}.{table.Name}_history (length((valid_to - valid_from)::text), valid_to, valid_from);
            """));
    }

    // Every second block has events; the tip has none. Rows come over the first half and change over the second.
    private async Task FillAsync()
    {
        await RunAsync($"""
            create table es_block (number bigint primary key, hash bytea not null, timestamp bigint not null, last_sequence bigint not null);
            create table es_indexer (one boolean primary key default true, tip_number bigint, tip_hash bytea, final_number bigint, final_hash bytea);
            insert into es_block select n, decode(lpad(to_hex(n), 64, '0'), 'hex'), n, n from generate_series({First}, {Tip - 1}, 2) n;
            insert into es_indexer values (true, {Tip}, decode(repeat('aa', 32), 'hex'), {Final}, decode(repeat('bb', 32), 'hex'));
            insert into model.worker select n, case n % 3 when 0 then decode(repeat('00', 20), 'hex') else decode(lpad(to_hex(n), 40, 'a'), 'hex') end,
              'ipfs://file/' || n || case n % 2 when 0 then ' fast translation' else ' careful proof reading' end, (n % 5 - 2) * 1000000000000000000000::numeric, n % 4, n, {First} + n % 7 from generate_series(1, 12) n;
            insert into model.job select n, case when n % 5 = 0 then 0 else 1 + n % 12 end, (array[0, 2, 7])[1 + n % 3], n * 1000000000000000000::numeric, (n - 30) * 7, n % 3, n % 4,
              1767225600 + n * 40000, case when n % 4 = 0 then 0 else 1767225600 + n * 50000 end, n % 2 = 0, decode(repeat('0f', n % 4), 'hex'), decode(lpad(to_hex(n % 6), 64, '0'), 'hex'),
              case when n % 3 = 0 then array[]::bigint[] else array[n % 3, n % 7, 100] end, decode(repeat(lpad(to_hex(n % 5), 64, '0'), n % 3), 'hex'), case when n % 6 = 0 then null else 1767225600 + n end, {First} + n / 3 from generate_series(1, 60) n;
            insert into model.job_note select 'task "' || n || E'"-\\' || n % 3, 1 + n % 60, case n % 5 when 0 then '' when 1 then 'the quick brown fox' else 'note ' || n || ' about foxes and a fox' end, {First} + n % 25 from generate_series(1, 150) n;
            insert into model.voter select decode(lpad(to_hex(n), 40, 'b'), 'hex'), n * 10::numeric, {First} + n from generate_series(1, 5) n;
            """);
        for (var block = First + 26; block <= Tip; block++)
        {
            await RunAsync($"""
                insert into model.job_history select *, {block} from model.job where job_id % 7 = {block} % 7;
                update model.job set status = (array[0, 2, 7])[1 + ({block} + job_id) % 3], price = price + 1, started_at = case when started_at = 0 then 1767225600 + {block} * 100000 else 0 end, valid_from = {block} where job_id % 7 = {block} % 7;
                insert into model.worker_history select *, {block} from model.worker where worker_id % 6 = {block} % 6;
                update model.worker set reputation = reputation + {block}, valid_from = {block} where worker_id % 6 = {block} % 6;
                """);
        }
    }
}
