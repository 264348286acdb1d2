// How durable messages keep their times: two hosts on one database. Enters: a database that two hosts with the
// role workers run on. Leaves: how late scheduled messages were handled; how long after a host's death by kill -9 the
// last of its messages was done by the other. Always holds: the moments are those of the rows that the handlers wrote;
// each wait has a bound.
using System.Diagnostics;
using EventSourced.Host.Messaging;
using EventSourced.Workers.Pulses;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Wolverine;
using Wolverine.Persistence.Durability;

namespace EventSourced.BenchCommands;

internal sealed class Messages : IAsyncDisposable
{
    private const string Pulses = WriteSide.Schema + ".mt_doc_pulse";
    private const string Incoming = WriteSide.Schema + ".wolverine_incoming_envelopes";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _source;

    public Messages(NpgsqlDataSource source, string database)
    {
        var services = new ServiceCollection();
        WriteSide.Add(services, database);
        (_services, _source) = (services.BuildServiceProvider(), source);
    }

    /// <summary>Milliseconds of lateness of messages that are due one after the other.</summary>
    public async Task<List<double>> LatenessAsync(int count, TimeSpan within, CancellationToken cancellation)
    {
        var first = TimeProvider.System.GetUtcNow().AddSeconds(2);
        await StoreAsync("late", count, index => first + within * ((double)index / count)).ConfigureAwait(false);
        await UntilAsync(async () => await HandledAsync("late").ConfigureAwait(false) == count).ConfigureAwait(false);
        var command = _source.CreateCommand(
            $"""
            select extract(epoch from (data->>'Handled')::timestamptz - (data->>'Due')::timestamptz)::float8 * 1000
            from {Pulses} where id like 'late-%'
            """);
        await using var disposing = command.ConfigureAwait(false);
        var found = new List<double>(count);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(reader.GetDouble(0));
        return found;
    }

    /// <summary>From a host's death in the midst of its work until all of it is done.</summary>
    /// <param name="count">How many messages both hosts have.</param>
    /// <param name="hosts">The hosts' processes by their nodes.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<TimeSpan> TakeoverAsync(
        int count, IReadOnlyDictionary<int, int> hosts, CancellationToken cancellation)
    {
        DateTimeOffset died;
        var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            // No handler can commit, so that there is work to die in.
            var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using var ending = transaction.ConfigureAwait(false);
            var hold = new NpgsqlCommand($"lock table {Pulses} in share mode", connection, transaction);
            await using (hold.ConfigureAwait(false))
                await hold.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            await StoreAsync("left", count, _ => TimeProvider.System.GetUtcNow()).ConfigureAwait(false);
            var dying = 0;
            await UntilAsync(async () =>
                (dying = await BusiestAsync().ConfigureAwait(false)) != 0).ConfigureAwait(false);
            using var process = Process.GetProcessById(hosts[dying]);
            died = TimeProvider.System.GetUtcNow();
            process.Kill();
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            await transaction.RollbackAsync(cancellation).ConfigureAwait(false);
        }

        await UntilAsync(async () => await HandledAsync("left").ConfigureAwait(false) == count).ConfigureAwait(false);
        var command = _source.CreateCommand(
            $"select max((data->>'Handled')::timestamptz) from {Pulses} where id like 'left-%'");
        await using var disposing = command.ConfigureAwait(false);
        return new DateTimeOffset(
            (DateTime)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!) - died;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private Task StoreAsync(string name, int count, Func<int, DateTimeOffset> due)
    {
        var serializer = _services.GetRequiredService<WolverineOptions>().DefaultSerializer;
        return _services.GetRequiredService<IMessageStore>().Inbox.StoreIncomingAsync(
        [
            .. Enumerable.Range(0, count).Select(index => new Beat(
                $"{name}-{index:0000}", 1, due(index), TimeSpan.FromDays(1))).Select(beat => new Envelope(beat)
                {
                    Serializer = serializer,
                    ContentType = serializer.ContentType,
                    Destination = new Uri($"local://{WriteSide.Pulses}/"),
                    Status = EnvelopeStatus.Scheduled,
                    ScheduledTime = beat.Due,
                    OwnerId = 0,
                }),
        ]);
    }

    private Task<long> HandledAsync(string name) =>
        CountAsync($"select count(*) from {Pulses} where id like '{name}-%' and mt_version = 1");

    /// <summary>The numbers of the nodes that the database knows of.</summary>
    public async Task<List<int>> NodesAsync(CancellationToken cancellation)
    {
        var command = _source.CreateCommand($"select node_number from {WriteSide.Schema}.wolverine_nodes");
        await using var disposing = command.ConfigureAwait(false);
        var found = new List<int>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(reader.GetInt32(0));
        return found;
    }

    // The node that has the most messages in work; 0: none has any.
    private async Task<int> BusiestAsync()
    {
        var command = _source.CreateCommand(
            $"""
            select owner_id from {Incoming} where status = 'Incoming' and owner_id <> 0
            group by 1 order by count(*) desc limit 1
            """);
        await using var disposing = command.ConfigureAwait(false);
        return (int?)await command.ExecuteScalarAsync().ConfigureAwait(false) ?? 0;
    }

    private async Task<long> CountAsync(string question)
    {
        var command = _source.CreateCommand(question);
        await using var disposing = command.ConfigureAwait(false);
        return (long)(await command.ExecuteScalarAsync().ConfigureAwait(false))!;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition().ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(began) > Limit)
                throw new TimeoutException(
                    $"expected the messages to be handled within {Limit}, found that they are not");
            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }
}
