// Group commit: while one transaction is being flushed to disk, the commands that arrive meanwhile gather and go
// together
// in the next one. Each caller gets its own answer; a command whose stream has moved is decided anew, the others of its
// group are not disturbed. The first caller of a group leads it, so a lone caller pays no hand-over.
using EventSourced.EventStore.Json;
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>Writes the commands of many callers in few transactions.</summary>
internal sealed class GroupCommit(Store store) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Command> _waiting = new();
    private readonly SemaphoreSlim _room = new(Limits.CommandsWaiting);
    private bool _led;

    internal async Task<long> WriteAsync<T>(string streamKey, Action<EventStream<T>> decide, CancellationToken token)
        where T : class
    {
        var projection = store.Options.Projections.Of<T>();
        for (var attempt = 1; ; attempt++)
        {
            var (state, version) = await LoadAsync(projection, streamKey, token);
            var stream = new EventStream<T>(store.Options.Events, streamKey, (T?)state, version);
            decide(stream);
            if (stream.Action is not { } action) return version;
            Stamp(action);
            if (await SubmitAsync(action, token)) return action.Version;
            if (attempt < Limits.CommandAttempts) continue;
            await RefuseAsync(action, token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var place = 0; place < Limits.CommandsWaiting; place++) await _room.WaitAsync();
        _room.Dispose();
    }

    private async Task<(object? State, long Version)> LoadAsync(
        Projections.Projection projection, string streamKey, CancellationToken token)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(token);
        return await store.Queries.LoadAsync(connection, projection, streamKey, token);
    }

    private async Task<bool> SubmitAsync(StreamAction action, CancellationToken token)
    {
        await _room.WaitAsync(token);
        try
        {
            var command = new Command(action);
            bool leads;
            lock (_gate)
            {
                _waiting.Enqueue(command);
                leads = !_led;
                _led = true;
            }

            if (leads) await LeadAsync();
            return await command.Written.Task;
        }
        finally
        {
            _room.Release();
        }
    }

    // Writes one group, then hands the lead to another thread if more have come: no caller works long for others.
    private async Task LeadAsync()
    {
        var group = Gather();
        try
        {
            var written = await WriteGroupAsync(group);
            foreach (var command in group) command.Written.TrySetResult(written.Contains(command.Action.Key));
        }
        catch (Exception failure) when (group.Count > 1 && WasUndone(failure))
        {
            await OneByOneAsync(group);
        }
#pragma warning disable CA1031 // whatever it was, it is the callers' to see
        catch (Exception failure)
        {
            foreach (var command in group) command.Written.TrySetException(failure);
        }
#pragma warning restore CA1031

        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _led = false;
                return;
            }
        }

        _ = Task.Run(LeadAsync);
    }

    // Of two commands on one stream the second would be refused: it waits for the next group.
    private List<Command> Gather()
    {
        var group = new List<Command>();
        var keys = new HashSet<string>();
        lock (_gate)
        {
            for (var left = _waiting.Count; left > 0 && group.Count < Limits.CommandsPerGroup; left--)
            {
                var command = _waiting.Dequeue();
                if (keys.Add(command.Action.Key)) group.Add(command);
                else _waiting.Enqueue(command);
            }
        }

        return group;
    }

    // Only what the server refused, or what never reached it, is surely undone. After a broken connection nobody knows:
    // the callers are told, and nothing is tried twice.
    private static bool WasUndone(Exception failure) =>
        failure is PostgresException { InvariantSeverity: "ERROR" } or not NpgsqlException;

    // A group that fails as a whole may have one bad command in it; the others are not to suffer.
    private async Task OneByOneAsync(List<Command> group)
    {
        foreach (var command in group)
        {
            try
            {
                var written = await WriteGroupAsync([command]);
                command.Written.TrySetResult(written.Contains(command.Action.Key));
            }
#pragma warning disable CA1031 // whatever it was, it is the caller's to see
            catch (Exception failure)
            {
                command.Written.TrySetException(failure);
            }
#pragma warning restore CA1031
        }
    }

    private async Task<HashSet<string>> WriteGroupAsync(List<Command> group)
    {
        var streams = group.ConvertAll(command => command.Action);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        if (new InlineSnapshots(store, streams).IsEmpty)
            return await store.Appender.AppendReadyAsync(connection, streams, CancellationToken.None);
        try
        {
            await new UnitOfWork(store, streams, []).CommitAsync(connection, CancellationToken.None);
            return [.. streams.Select(stream => stream.Key)];
        }
        catch (ConcurrencyException) when (group.Count == 1)
        {
            return [];
        }
    }

    private void Stamp(StreamAction action)
    {
        var now = store.Options.TimeProvider.GetUtcNow();
        foreach (var added in action.Events)
            if (added.Timestamp == default) added.Timestamp = now;
    }

    private async Task RefuseAsync(StreamAction action, CancellationToken token)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(token);
        var state = (await store.Queries.StatesAsync(connection, [action.Key], token)).SingleOrDefault();
        if (state is { IsArchived: true }) throw new ArchivedStreamException(action.Key);
        throw new ConcurrencyException(action.Key, action.Expected, state?.Version ?? 0);
    }

    private sealed record Command(StreamAction Action)
    {
        internal TaskCompletionSource<bool> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
