// The shared tools of the relayer's parts: database, node, keys, limits. Enters: work on rows. Leaves: one committed
// transaction of rows, nonces and facts, and then the messages that it ordered. Always holds: facts, rows and messages
// commit together or not at all.
using System.Diagnostics;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Relaying;

/// <summary>Orders messages about commands that changed, in the session that appends the facts.</summary>
/// <returns>The work to do after the commit.</returns>
public delegate Task<Func<Task>?> OrderMessages(IDocumentSession session, IReadOnlyCollection<CommandRow> changed);

/// <summary>The shared tools of all parts.</summary>
internal sealed class RelayDesk(
    NpgsqlDataSource source, IDocumentStore store, EthereumClient client, Keyring keys, RelayerOptions options,
    OrderMessages? order, ILogger log, TimeProvider time)
{
    internal NpgsqlDataSource Source => source;

    internal EthereumClient Client => client;

    internal RelayerOptions Options => options;

    internal ILogger Log => log;

    internal TimeProvider Time => time;

    internal Accounts Accounts { get; } = new(keys);

    internal Market Market { get; } = new(client, options, time);

    internal RelayCounts Counts { get; } = new();

    /// <summary>Does work on rows, and commits it together with the facts that it recorded.</summary>
    internal async Task InTransactionAsync(
        Func<NpgsqlTransaction, JournalBatch, Task> work, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var ending = transaction.ConfigureAwait(false);
        Func<Task>? after = null;
        var batch = new JournalBatch(store, transaction)
        {
            Enlist = order is null ? null : async (session, changed) =>
                after = await order(session, changed).ConfigureAwait(false),
        };
        await work(transaction, batch).ConfigureAwait(false);
        await batch.SaveAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        if (after is not null) await after().ConfigureAwait(false);
    }

    /// <summary>Whether a table has a row that meets a condition.</summary>
    internal async Task<bool> AnyAsync(string rows, CancellationToken cancellation)
    {
        var command = source.CreateCommand($"select exists (select 1 from {rows})");
        await using var disposing = command.ConfigureAwait(false);
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>Locks the commands that meet a condition, in the order of acceptance.</summary>
    internal static async Task<List<CommandRow>> LockAsync(
        NpgsqlTransaction transaction, string condition, CancellationToken cancellation,
        Action<NpgsqlCommand>? values = null, string then = "for update of c")
    {
        var command = new NpgsqlCommand(
            $"select {CommandRow.Columns} from {CommandRow.Tables} {condition} {then}",
            transaction.Connection, transaction);
        await using var disposing = command.ConfigureAwait(false);
        values?.Invoke(command);
        var found = new List<CommandRow>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(CommandRow.Read(reader));
        return found;
    }

    /// <summary>Locks commands by id.</summary>
    internal static Task<List<CommandRow>> LockAsync(
        NpgsqlTransaction transaction, IEnumerable<Guid> ids, CancellationToken cancellation) =>
        LockAsync(
            transaction, "where c.id = any($1) order by c.number", cancellation,
            command => command.AddArray(NpgsqlDbType.Uuid, ids));

    /// <summary>Makes a trace span of a command's way, under the id that came with it.</summary>
    internal static void Trace(string what, CommandRow row)
    {
        if (!Acceptance.Spans.HasListeners()) return;
        using var span = Acceptance.Spans.StartActivity(
            what, ActivityKind.Internal, Acceptance.TraceOf(row.CorrelationId, row.Id),
            [new("command.id", row.Id), new("correlation.id", row.CorrelationId),
                new("transaction.hash", row.State.Transaction?.ToString())]);
    }
}

/// <summary>The counts of this process.</summary>
internal sealed class RelayCounts
{
    private long _sent;
    private long _resent;
    private long _replaced;
    private long _filled;
    private long _reorganized;

    internal long Sent => Volatile.Read(ref _sent);

    internal long Resent => Volatile.Read(ref _resent);

    internal long Replaced => Volatile.Read(ref _replaced);

    internal long Filled => Volatile.Read(ref _filled);

    internal long Reorganized => Volatile.Read(ref _reorganized);

    internal void AddSent() => Interlocked.Increment(ref _sent);

    internal void AddResent() => Interlocked.Increment(ref _resent);

    internal void AddReplaced(int count) => Interlocked.Add(ref _replaced, count);

    internal void AddFilled(int count) => Interlocked.Add(ref _filled, count);

    internal void AddReorganized(int count) => Interlocked.Add(ref _reorganized, count);
}
