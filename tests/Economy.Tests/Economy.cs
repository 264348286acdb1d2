// An economy without a human: tasks are posted, and hosts do the rest: bids, work, checks, disputes, panels, payments.
// Enters: a town, a seed, how many tasks and how many lies. Leaves: every task settled, and what it took. Always holds:
// which task is a lie depends on the seed alone; each specification is another one, so that a task is found by it.
using System.Diagnostics;
using EventSourced.Ethereum;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;
using EventSourced.Testing;
using EventSourced.Workers.Documents;
using EventSourced.World;
using Npgsql;
using NpgsqlTypes;
using Status = EventSourced.Domain.Market.Tasks.Status;

namespace EventSourced.Economy.Tests;

/// <summary>Tasks on their way from a client to their money.</summary>
/// <param name="town">Where.</param>
/// <param name="random">What depends on the seed.</param>
/// <param name="post">Posts a task for an agent.</param>
internal sealed class Economy(Town town, Random random, Func<Person, Hash32, Task> post)
{
    private const ulong Step = 3_601;

    private const int MostSteps = 120;
    private const ulong BlocksOfStep = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1_100);
    private static readonly byte[] Module = Town.Repository("agents/summarizer/summarizer.wasm");

    private readonly List<Hash32> _honest = [];
    private readonly List<ulong> _lies = [];

    /// <summary>How long it waits for one thing: a bench of many tasks waits longer than a test.</summary>
    internal TimeSpan Limit { get; init; } = Eventually.Limit;

    /// <summary>The lies.</summary>
    internal IReadOnlyList<ulong> Lies => _lies;

    /// <summary>The tasks of hosted agents.</summary>
    internal async Task<IReadOnlyList<ulong>> HonestAsync()
    {
        var found = new List<ulong>();
        await using var command = town.Source.CreateCommand(
            "select task_id from model.task_terms where spec_hash = any($1) order by task_id");
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = _honest.Select(spec => spec.Bytes.ToArray()).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found.Add((ulong)reader.GetInt64(0));
        return found;
    }

    /// <summary>Posts tasks one after the other, so many of them lies.</summary>
    internal async Task PostAsync(int tasks, int lies, TimeSpan pause = default)
    {
        var lying = Enumerable.Range(0, tasks).OrderBy(_ => random.Next()).Take(lies).ToHashSet();
        for (var task = 0; task < tasks; task++)
        {
            if (lying.Contains(task)) await LieAsync(await SpecAsync());
            else await post(town.Workers[task % town.Workers.Count], await HonestSpecAsync());
            if (pause > TimeSpan.Zero) await Task.Delay(pause);
        }
    }

    /// <summary>Posts honest tasks as quickly as the callers can.</summary>
    internal async Task PostAtOnceAsync(int tasks, int callers)
    {
        var specs = new List<(Person Agent, Hash32 Spec)>();
        for (var task = 0; task < tasks; task++)
            specs.Add((town.Workers[task % town.Workers.Count], await HonestSpecAsync()));
        await Parallel.ForEachAsync(
            specs, new ParallelOptions { MaxDegreeOfParallelism = callers },
            async (one, _) => await post(one.Agent, one.Spec));
    }

    /// <summary>Waits until every honest task is delivered.</summary>
    internal Task DeliveredAsync(Func<Task>? meanwhile = null) => AllAsync(
        $"status not in ({(int)Status.Verifying}, {(int)Status.Finalized})", meanwhile);

    /// <summary>Lets time pass until every task is paid or given back.</summary>
    internal async Task SettleAsync(Func<Task>? meanwhile = null)
    {
        await town.BecomesAsync(
            $"select count(*) = {_lies.Count} from model.task where task_id = any(array[{Ids(_lies)}]::bigint[]) and status in ({(int)Status.Disputed}, {(int)Status.Cancelled})",
            blocks: 0);
        var all = Ids([.. await HonestAsync(), .. _lies]);
        // Time passes in steps shorter than every window of the court, so that nobody misses one.
        for (var step = 0; step < MostSteps && await OpenAsync(all) > 0; step++)
        {
            await town.PassAsync(Step);
            await town.Shore.Anvil.MineAsync(BlocksOfStep, CancellationToken.None);
            await QuietAsync();
            if (meanwhile is not null) await meanwhile();
        }
    }

    /// <summary>How many tasks ended as they should: honest ones paid, lies found out.</summary>
    internal async Task<(long Paid, long Caught, long Open)> EndsAsync()
    {
        var honest = Ids(await HonestAsync());
        return (
            await town.CountAsync(
                $"select count(*) from model.task where task_id = any(array[{honest}]::bigint[]) and status = {(int)Status.Finalized}"),
            await town.CountAsync(
                $"select count(*) from model.task where task_id = any(array[{Ids(_lies)}]::bigint[]) and status = {(int)Status.Cancelled} and cause = 3"),
            await OpenAsync(Ids([.. await HonestAsync(), .. _lies])));
    }

    /// <summary>Seconds from the block of each match to the block of its delivery, as the relayer saw both.</summary>
    internal async Task<List<double>> SecondsAsync()
    {
        await using var command = town.Source.CreateCommand(
            $"""
            with seen as (
                select r.key, min(e.timestamp) at from commands.request r
                  join commands.mt_events e on e.stream_id = 'command-' || r.id and e.type = 'included' group by r.key)
            select extract(epoch from d.at - b.at)::float8
              from model.task t
              join seen b on b.key = 'task-' || t.task_id || '-' || t.round || '-bid-' || t.agent_id
              join seen d on d.key = 'task-' || t.task_id || '-' || t.round || '-submit'
             where t.task_id = any(array[{Ids(await HonestAsync())}]::bigint[])
            """);
        var found = new List<double>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found.Add(reader.GetDouble(0));
        return found;
    }

    /// <summary>What the accounts of the index have together, and what the vault holds.</summary>
    internal async Task<(UInt256 InAccounts, UInt256 Held)> MoneyAsync()
    {
        await using var command = town.Source.CreateCommand(
            "select coalesce(sum(balance), 0)::text from model.account");
        return (
            UInt256.Parse((string)(await command.ExecuteScalarAsync())!),
            (await town.AskAsync("Credit", "balanceOf", town.Shore.Contracts["Vault"].Address))[0].AsUInt256());
    }

    /// <summary>Things that happened twice: leases, deliveries or commands of one step of a task.</summary>
    internal async Task<long> TwiceAsync()
    {
        var honest = Ids(await HonestAsync());
        return await town.CountAsync(
            $"""
            select (select count(*) from (select 1 from model.work_lease where task_id = any(array[{honest}]::bigint[])
                                           group by task_id having count(*) > 1) l)
                 + (select count(*) from (select 1 from commands.request r join commands.command c on c.id = r.id
                     where c.succeeded and r.key ~ '^task-[0-9]+-[0-9]+-(start|submit)(~|$)'
                     group by regexp_replace(r.key, '~.*', '') having count(*) > 1) c)
            """);
    }

    private static string Ids(IEnumerable<ulong> ids) => string.Join(',', ids);

    private Task<long> OpenAsync(string ids) => town.CountAsync(
        $"select count(*) from model.task where task_id = any(array[{ids}]::bigint[]) and status < {(int)Status.Finalized}");

    private Task AllAsync(string open, Func<Task>? meanwhile) => UntilAsync(
        async () =>
        {
            if (meanwhile is not null) await meanwhile();
            var honest = await HonestAsync();
            return honest.Count == _honest.Count && await town.CountAsync(
                $"select count(*) from model.task where task_id = any(array[{Ids(honest)}]::bigint[]) and {open}") == 0;
        });

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Limit)
                throw new TimeoutException(
                    $"expected the economy to go on within {Limit}, found\n{await town.JobsAsync()}\n{town.LastWords}");
            await Task.Delay(Pause);
        }
    }

    // Until nothing is on its way: a step that comes sooner would shorten the windows of whoever is slow.
    private async Task QuietAsync()
    {
        // Keepers and executors look once a second.
        await Task.Delay(Look);
        await UntilAsync(async () =>
            (ulong)await town.Rows.NowAsync(CancellationToken.None) == await town.Shore.NowAsync()
            && await town.CountAsync(
                """
                select (select count(*) from commands.command where phase < 4)
                     + (select count(*) from commands.job where state = 0 and next_at <= now())
                     + (select count(*) from commands.duty where state = 1)
                """) == 0);
    }

    private async Task<Hash32> HonestSpecAsync()
    {
        _honest.Add(await SpecAsync());
        return _honest[^1];
    }

    private Task<Hash32> SpecAsync()
    {
        var number = random.NextInt64();
        return town.SpecAsync(
            Module, System.Text.Encoding.UTF8.GetBytes(
                $"Task {number} has a text. The text is about task {number}. It is short."), "1");
    }

    // Half of the lies contradict their receipts, half are honest work on another input.
    private async Task LieAsync(Hash32 spec)
    {
        using var engine = new SandboxEngine();
        var run = new Execution
        {
            Module = Module,
            Input = "A lie."u8.ToArray(),
            Arguments = ["1"],
            Limits = Work.Usual,
        };
        var other = run.Run(engine);
        var receipt = await town.KeepAsync(other.Receipt.HashedText());
        var liar = town.Liar.Key.Address;
        await town.CreateAsync(town.Liar, spec);
        var task = await town.TaskOfAsync(spec);
        await town.SendAsync(
            liar, "TaskMarket", "placeBid", task, town.Liar.AgentId, Cast.Credits(100), 1UL, Hash32.Zero);
        await town.SendAsync(liar, "WorkLeases", "start", task);
        var result = await town.KeepAsync(_lies.Count % 2 == 0 ? other.Output : "a lie"u8.ToArray());
        await town.SendAsync(liar, "TaskMarket", "submit", task, result, receipt, "ipfs://nothing");
        _lies.Add(task);
    }
}
