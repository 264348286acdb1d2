// Marten's event tables, in bulk: append by COPY, scan by COPY, cut the tail, first load. Enters: a database whose mt_*
// tables Marten made (string identity, one tenant, no metadata columns), and the event types. Always holds: every write
// happens in the caller's transaction; Marten would have written the same.
using System.Text.RegularExpressions;
using Npgsql;

namespace EventSourced.MartenBulk;

/// <summary>Bulk work on the event tables of one database. Safe for any number of threads.</summary>
/// <param name="dataSource">The database; never disposed here.</param>
/// <param name="types">The event types.</param>
/// <param name="schema">The schema of the event tables.</param>
public sealed partial class BulkStore(NpgsqlDataSource dataSource, EventTypes types, string schema = "public")
{
    internal NpgsqlDataSource DataSource { get; } = dataSource;

    internal EventTypes Types { get; } = types;

    internal string Schema { get; } = Identifier().IsMatch(schema)
        ? schema
        : throw new ArgumentException(
            $"expected a schema name of small letters, digits and underscores, found '{schema}'");

    /// <summary>Creates the table of cut events if it is missing. Marten makes all other tables.</summary>
    public Task CreateOrphanTableAsync(NpgsqlConnection connection, CancellationToken token = default) =>
        OrphanTable.CreateAsync(connection, Schema, token);

    /// <summary>Appends by binary COPY, in the caller's transaction and together with its other writes.</summary>
    public BulkAppend Append(NpgsqlTransaction transaction, BulkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return new BulkAppend(this, transaction, options ?? new BulkOptions());
    }

    /// <summary>
    /// Begins a first load when there is no event yet: without the unique index by stream and version, and without
    /// vacuuming. Until <see cref="EndFirstLoadAsync"/>, streams are read slowly and two writers are not kept apart.
    /// </summary>
    public Task BeginFirstLoadAsync(NpgsqlTransaction transaction, CancellationToken token = default) =>
        new FirstLoad(Schema).BeginAsync(transaction, token);

    /// <summary>
    /// Ends a first load, whichever process began it; does nothing when there is none. The connection must have no open
    /// transaction; appends go on meanwhile.
    /// </summary>
    public Task EndFirstLoadAsync(NpgsqlConnection connection, CancellationToken token = default) =>
        new FirstLoad(Schema).EndAsync(connection, token);

    /// <summary>Gives every event of a range to a handler, in order, from one reused buffer.</summary>
    /// <returns>The number of events.</returns>
    public async Task<long> ScanAsync(ScanOptions options, RawEventHandler handler, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        await using var connection = await DataSource.OpenConnectionAsync(token);
        await using var scan = await EventScan.StartAsync(connection, this, options, token);
        var count = 0L;
        while (await scan.ReadAsync(token))
        {
            handler(scan.Current);
            count++;
        }

        return count;
    }

    /// <summary>
    /// Cuts every event behind a position, in the caller's transaction: the events go to the orphan table, streams and
    /// the progress of Marten's daemon go back to where they were.
    /// </summary>
    /// <param name="transaction">The transaction that also writes the events that take their place.</param>
    /// <param name="afterSequence">The last position that stays.</param>
    /// <param name="reason">The reason, for auditors.</param>
    /// <param name="rewindSequence">Whether the next event gets the next number; only for a sole writer.</param>
    /// <param name="token">Ends the wait.</param>
    public Task<TailCut> TruncateTailAsync(
        NpgsqlTransaction transaction,
        long afterSequence,
        string reason,
        bool rewindSequence,
        CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new TailTruncation(Schema, transaction).CutAsync(afterSequence, reason, rewindSequence, token);
    }

    /// <summary>
    /// Removes every event behind a position, in the transaction of a sole writer, and keeps none of them: they were
    /// written ahead of what should have been committed with them. Waits for an append that is still under way.
    /// </summary>
    /// <returns>Whether there was any.</returns>
    public async Task<bool> DiscardTailAsync(
        NpgsqlTransaction transaction, long afterSequence, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        await using var newest = new NpgsqlBatch(transaction.Connection);
        newest.BatchCommands.Add(new NpgsqlBatchCommand(
            $"select pg_advisory_xact_lock({AdvisoryLocks.Tail(Schema)})"));
        newest.BatchCommands.Add(new NpgsqlBatchCommand($"select max(seq_id) from {Schema}.mt_events"));
        await using (var found = await newest.ExecuteReaderAsync(token))
        {
            await found.NextResultAsync(token);
            await found.ReadAsync(token);
            if (await found.IsDBNullAsync(0, token) || found.GetInt64(0) <= afterSequence) return false;
        }

        await new TailTruncation(Schema, transaction).CutAsync(afterSequence, null, true, token);
        return true;
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex Identifier();
}
