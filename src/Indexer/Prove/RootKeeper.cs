// The state root of a running index. Enters: after a start, every stored row in a snapshot of its own, while the fold
// is at work; then the changes. Leaves: the root after a batch. Always holds: only the making of a root waits for the
// stored rows; changes written meanwhile are shown after them.
using System.Data;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Hashing;
using Npgsql;

namespace EventSourced.Indexer.Prove;

/// <summary>Keeps the state root of tables.</summary>
internal sealed class RootKeeper(IReadOnlyList<StateTable> tables) : IAsyncDisposable
{
    private readonly StateRoot _root = new();
    private Task _reading = Task.CompletedTask;

    /// <summary>Whether all stored rows have been shown.</summary>
    internal bool IsIdle => _reading.IsCompleted;

    /// <summary>Begins to show every stored row, as of now.</summary>
    internal async Task BeginAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            var snapshot = await connection.BeginTransactionAsync(
                IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
            // The first statement takes the snapshot, before anything is written on another connection.
            await using (var first = new NpgsqlCommand("select 1", connection))
                await first.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            _reading = Task.Run(() => ReadAsync(connection, snapshot, cancellation), CancellationToken.None);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until all stored rows have been shown.</summary>
    internal Task IdleAsync() => _reading;

    /// <summary>Shows the changes. All stored rows must have been shown.</summary>
    internal void Show() => new StateHasher(_root).ShowChanges(tables);

    /// <summary>Shows the changes and makes the root. All stored rows must have been shown.</summary>
    internal Word Compute()
    {
        Show();
        return _root.Compute();
    }

    public async ValueTask DisposeAsync() => await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction snapshot, CancellationToken cancellation)
    {
        await using (connection)
        await using (snapshot)
            await new StateHasher(_root).ShowStoredAsync(connection, tables, cancellation).ConfigureAwait(false);
    }
}
