// What only an operator, an indexer or a rebuild needs: bulk append, raw scan, rebuild, truncation, progress, dead
// letters.
using EventSourced.EventStore.Projections;
using EventSourced.EventStore.Reading;
using EventSourced.EventStore.Subscriptions;
using EventSourced.EventStore.Writing;
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>Operations beside the everyday ones.</summary>
public sealed class AdvancedOperations
{
    private readonly Store _store;

    internal AdvancedOperations(Store store) => _store = store;

    /// <summary>Appends by binary COPY, in the caller's transaction and together with its other writes.</summary>
    public BulkAppend BulkAppend(NpgsqlTransaction transaction, BulkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return new BulkAppend(_store, transaction, options ?? new BulkOptions());
    }

    /// <summary>
    /// Begins a first load where there is no event yet: without the unique index by stream and version, and without vacuuming. Until
    /// <see cref="EndFirstLoadAsync"/>, streams are read slowly and two writers are not kept apart.
    /// </summary>
    public Task BeginFirstLoadAsync(NpgsqlTransaction transaction, CancellationToken token = default) =>
        new FirstLoad(_store.Schema).BeginAsync(transaction, token);

    /// <summary>Ends a first load, whoever began it; does nothing where there is none.</summary>
    public Task EndFirstLoadAsync(NpgsqlTransaction transaction, CancellationToken token = default) =>
        new FirstLoad(_store.Schema).EndAsync(transaction, token);

    /// <summary>Gives every event of a range to a handler, in order, from one reused buffer.</summary>
    /// <returns>How many events that were.</returns>
    public async Task<long> ScanAsync(ScanOptions options, RawEventHandler handler, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        await using var scan = await EventScan.StartAsync(connection, _store, options, token);
        var count = 0L;
        while (await scan.ReadAsync(token))
        {
            handler(scan.Current);
            count++;
        }

        return count;
    }

    /// <summary>
    /// The position below which nothing can still appear: every event up to it is committed and visible.
    /// </summary>
    public async Task<long> HighWaterMarkAsync(long after = 0, CancellationToken token = default)
    {
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        return await new HighWater(_store).AdvanceAsync(connection, after, token);
    }

    /// <summary>
    /// Folds every stored event anew and replaces the stored states of a projection in one transaction.
    /// </summary>
    /// <returns>What was done.</returns>
    public Task<Rebuilt> RebuildAsync<T>(CancellationToken token = default)
        where T : class => new Rebuild(_store, _store.Options.Projections.Of<T>()).RunAsync(token);

    /// <summary>Keeps an asynchronous projection up to the events, exactly once each.</summary>
    public Subscription RunProjection<T>(Action<SubscriptionOptions>? configure = null)
        where T : class
    {
        var projection = _store.Options.Projections.Of<T>();
        if (projection.Lifecycle != SnapshotLifecycle.Async)
            throw new InvalidOperationException(
                $"expected an asynchronous projection, found {projection.Name}, which is {projection.Lifecycle}");
        return _store.Subscribe(projection.Name, new ProjectionHandler(_store, projection).HandleAsync, options =>
        {
            options.EventTypes = projection.TakesEvent ? [] : [projection.EventType];
            configure?.Invoke(options);
        });
    }

    /// <summary>
    /// Cuts every event behind a position, in the caller's transaction: the events go to the orphan table, streams and
    /// subscriptions go back to where they were, stored states of cut streams are dropped.
    /// </summary>
    /// <param name="transaction">The transaction that also writes what takes their place.</param>
    /// <param name="afterSequence">The last position that stays.</param>
    /// <param name="reason">Why, for auditors.</param>
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
        return new TailTruncation(_store.Schema, transaction).CutAsync(afterSequence, reason, rewindSequence, token);
    }

    /// <summary>Where a subscription stands; 0 if it has not begun.</summary>
    public async Task<long> ProgressAsync(string subscription, CancellationToken token = default)
    {
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        return await new Progression(_store.Schema, subscription).LoadAsync(connection, token) ?? 0;
    }

    /// <summary>The events that subscriptions could not handle, oldest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(
        string? subscription = null, CancellationToken token = default)
    {
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        return await new DeadLetters(_store.Schema).ListAsync(connection, subscription, token);
    }

    /// <summary>Forgets a dead letter: it was handled otherwise.</summary>
    public async Task<bool> DeleteDeadLetterAsync(Guid id, CancellationToken token = default)
    {
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        return await new DeadLetters(_store.Schema).DeleteAsync(connection, id, token);
    }
}
