// Changes of commands as they happen, for watchers of a command. Enters: notifications of PostgreSQL on one connection.
// Leaves: a command's status at each change, until nothing can happen to it any more; a signal for relayers. Always
// holds: a lost notification delays and loses nothing, because rows are looked at again.
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;

namespace EventSourced.Commands;

/// <summary>Follows the channel of changes.</summary>
public sealed class CommandChanges(NpgsqlDataSource source)
{
    /// <summary>The most commands that are watched at once; a process that serves more refuses.</summary>
    public const int MostWatched = 10_000;

    /// <summary>How often a watched command is looked at without a notification.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Channel<bool>, bool>> _watched = new();
    private readonly CommandReads _reads = new(source);
    private int _count;

    /// <summary>Told of each command that waits for a transaction; it must not block.</summary>
    public event Action? Waiting;

    /// <summary>Listens until cancelled; a connection that breaks is opened again.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
                when (fault is NpgsqlException or IOException && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(Pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// A command as it is now and at each change; ends when the command is over. Empty when there is no such command.
    /// </summary>
    public async IAsyncEnumerable<CommandStatus> WatchAsync(
        Guid id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _count) > MostWatched)
        {
            Interlocked.Decrement(ref _count);
            throw new InvalidOperationException($"expected at most {MostWatched} watched commands, found more");
        }

        var signal = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var mine = _watched.GetOrAdd(id, _ => new());
        mine[signal] = true;
        try
        {
            var version = -1;
            while (await _reads.ByIdAsync(id, cancellation).ConfigureAwait(false) is { } status)
            {
                if (status.Version != version) yield return status;
                version = status.Version;
                if (status.IsOver) yield break;
                await SignalAsync(signal.Reader, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _count);
            mine.TryRemove(signal, out _);
            if (mine.IsEmpty) _watched.TryRemove(id, out _);
        }
    }

    private static async Task SignalAsync(ChannelReader<bool> signal, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(LookAgain);
        try
        {
            await signal.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nothing was told for a while: the row says whether that is so.
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        connection.Notification += (_, notification) => Tell(notification.Payload);
        var listen = new NpgsqlCommand($"listen {CommandTables.Channel}", connection);
        await using (listen.ConfigureAwait(false))
            await listen.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        // Changes that were announced while nobody listened.
        Waiting?.Invoke();
        foreach (var id in _watched.Keys) Signal(id);
        while (true) await connection.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private void Tell(string payload)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(payload.AsSpan(0, colon), out var phase)) return;
        if (phase <= (int)Phase.Simulated) Waiting?.Invoke();
        if (_watched.IsEmpty) return;
        foreach (var range in payload.AsSpan(colon + 1).Split(','))
            if (Guid.TryParseExact(payload.AsSpan(colon + 1)[range], "N", out var id)) Signal(id);
    }

    private void Signal(Guid id)
    {
        if (!_watched.TryGetValue(id, out var signals)) return;
        foreach (var signal in signals.Keys) signal.Writer.TryWrite(true);
    }
}
