// Facts about commands, written as one. Enters: a transaction of PostgreSQL, rows locked in it, and the facts that
// happened to them. Leaves: facts in the streams, rows that are their folds, and one notification, all in that
// transaction. Always holds: a fact that cannot follow on a row's state stops the batch; nothing is seen before the
// caller commits.
using System.Text;
using EventSourced.Ethereum;
using Marten;
using Marten.Services;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Commands;

/// <summary>Collects facts and writes them in a transaction.</summary>
public sealed class JournalBatch(IDocumentStore store, NpgsqlTransaction transaction)
{
    /// <summary>Adds messages to the session that appends the facts, where somebody is to be told of them.</summary>
    public Func<IDocumentSession, IReadOnlyCollection<CommandRow>, Task>? Enlist { get; init; }

    // A notification holds at most 8,000 bytes.
    private const int MostIdsOfNotification = 200;

    private readonly Dictionary<Guid, CommandRow> _rows = [];
    private readonly Dictionary<Guid, List<object>> _facts = [];

    /// <summary>How many commands changed.</summary>
    public int Count => _facts.Count;

    /// <summary>The commands that changed, as they are now.</summary>
    public IReadOnlyCollection<CommandRow> Changed => _rows.Values;

    /// <summary>Adds a fact about a command whose row the transaction holds.</summary>
    /// <returns>The row after it.</returns>
    public CommandRow Tell(CommandRow row, params IReadOnlyList<Journal.Event> facts)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(facts);
        var before = _rows.GetValueOrDefault(row.Id, row);
        var state = before.State;
        foreach (var fact in facts)
            state = Journal.Evolve(state, fact) ?? throw new InvalidOperationException(
                $"expected a fact that follows on {state.Phase} in {Journal.KeyOf(row.Id)}, found {fact.GetType().Name}");
        if (!_facts.TryGetValue(row.Id, out var told)) _facts[row.Id] = told = [];
        told.AddRange(facts);
        return _rows[row.Id] = before with { State = state, Version = before.Version + facts.Count };
    }

    /// <summary>Writes facts, rows and notification.</summary>
    public async Task SaveAsync(CancellationToken cancellation)
    {
        if (_facts.Count == 0) return;
        await AppendAsync(
            store, transaction, _facts.Select(pair => (pair.Key, pair.Value)), isNew: false, cancellation,
            Enlist is { } enlist ? session => enlist(session, _rows.Values) : null).ConfigureAwait(false);
        await WriteRowsAsync(cancellation).ConfigureAwait(false);
    }

    internal static async Task AppendAsync(
        IDocumentStore store, NpgsqlTransaction transaction, IEnumerable<(Guid Id, List<object> Facts)> streams,
        bool isNew, CancellationToken cancellation, Func<IDocumentSession, Task>? enlist = null)
    {
        var options = SessionOptions.ForTransaction(transaction);
        options.Tracking = DocumentTracking.None;
        var session = store.OpenSession(options);
        await using var disposing = session.ConfigureAwait(false);
        foreach (var (id, facts) in streams)
        {
            if (isNew) session.Events.StartStream(Journal.KeyOf(id), facts);
            else session.Events.Append(Journal.KeyOf(id), facts);
        }

        if (enlist is not null) await enlist(session).ConfigureAwait(false);
        await session.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }

    internal static async Task NotifyAsync(
        NpgsqlConnection connection, IEnumerable<(Guid Id, Phase Phase)> changes, CancellationToken cancellation)
    {
        var messages = Messages(changes);
        if (messages.Length == 0) return;
        var command = new NpgsqlCommand(
            $"select pg_notify('{CommandTables.Channel}', m) from unnest($1) m", connection);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = messages });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static string[] Messages(IEnumerable<(Guid Id, Phase Phase)> changes) =>
        [.. changes.GroupBy(change => change.Phase)
            .SelectMany(group => group.Chunk(MostIdsOfNotification).Select(chunk => Message(group.Key, chunk)))];

    private static string Message(Phase phase, IEnumerable<(Guid Id, Phase Phase)> changes) =>
        new StringBuilder().Append((int)phase).Append(':')
            .AppendJoin(',', changes.Select(change => change.Id.ToString("N"))).ToString();

    private async Task WriteRowsAsync(CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            with written as (
            update {CommandTables.Command} c set
                phase = n.phase, version = n.version, signer = n.signer, nonce = n.nonce, hash = n.hash,
                block = n.block, block_hash = n.block_hash, succeeded = n.succeeded, code = n.code, reason = n.reason,
                changed_at = now()
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                n (id, phase, version, signer, nonce, hash, block, block_hash, succeeded, code, reason)
            where c.id = n.id
            returning c.id)
            select (select count(*) from written)::int, (select count(pg_notify('{CommandTables.Channel}', m)) from unnest($12) m)
            """,
            transaction.Connection, transaction);
        await using var disposing = command.ConfigureAwait(false);
        var rows = _rows.Values;
        command.AddArray(NpgsqlDbType.Uuid, rows.Select(row => row.Id));
        command.AddArray(NpgsqlDbType.Smallint, rows.Select(row => (short)row.State.Phase));
        command.AddArray(NpgsqlDbType.Integer, rows.Select(row => row.Version));
        command.AddArray(NpgsqlDbType.Bytea, rows.Select(row => row.State.Signer?.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Bigint, rows.Select(row => (long?)row.State.Nonce));
        command.AddArray(NpgsqlDbType.Bytea, rows.Select(row => row.State.Transaction?.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Bigint, rows.Select(row => (long?)row.State.Block));
        command.AddArray(NpgsqlDbType.Bytea, rows.Select(row => row.State.BlockHash?.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Boolean, rows.Select(row => row.State.Succeeded));
        command.AddArray(NpgsqlDbType.Text, rows.Select(row => row.State.Code));
        command.AddArray(NpgsqlDbType.Text, rows.Select(row => row.State.Reason));
        command.AddArray(NpgsqlDbType.Text, Messages(rows.Select(row => (row.Id, row.State.Phase))));
        var written = (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        if (written != _rows.Count)
            throw new InvalidOperationException($"expected {_rows.Count} rows of commands to change, found {written}");
    }
}
