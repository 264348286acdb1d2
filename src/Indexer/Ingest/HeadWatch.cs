// The newest block, announced or asked for. Enters: a node, and its announcements if it makes any. Leaves: one header
// at a time. Always holds: silence is no proof that nothing changed. A node announces no block when its chain only gets
// shorter, and a dead subscription announces nothing at all; so after a quiet time the node is asked for its head.
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Indexer.Ingest;

/// <summary>A header, and whether the node was asked for it or announced it by itself.</summary>
internal readonly record struct SeenHead(BlockHeader Header, bool IsAsked);

/// <summary>Waits for the head of the chain.</summary>
internal sealed class HeadWatch : IAsyncDisposable
{
    private readonly EthereumClient _client;
    private readonly IngestionOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<BlockHeader>? _announced;

    // The awaited announcement; it survives the questions between.
    private Task<bool>? _next;
    private bool _hasAsked;

    /// <summary>Opens the announcements. Without them the node is asked again after each poll interval.</summary>
    public HeadWatch(
        EthereumClient client, IngestionOptions options, HeadSource? heads, ulong from, CancellationToken cancellation)
    {
        (_client, _options) = (client, options);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _announced = heads?.Invoke(from, _stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>The next header; null if the announcements have ended.</summary>
    public async ValueTask<SeenHead?> NextAsync()
    {
        while (true)
        {
            if (!await IsQuietAsync().ConfigureAwait(false)) return await AnnouncedAsync().ConfigureAwait(false);
            _hasAsked = true;
            var newest = await _client.GetHeaderAsync(BlockTag.Latest, _stop.Token).ConfigureAwait(false);
            if (newest is not null) return new SeenHead(newest, IsAsked: true);
        }
    }

    /// <summary>Ends the announcements.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        // An iterator may not be disposed while it moves.
        if (_next is not null) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_announced is not null) await _announced.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async ValueTask<bool> IsQuietAsync()
    {
        if (_announced is null)
        {
            if (_hasAsked) await Task.Delay(_options.PollInterval, _options.Clock, _stop.Token).ConfigureAwait(false);
            return true;
        }

        _next ??= _announced.MoveNextAsync().AsTask();
        if (!_next.IsCompleted)
        {
            await ((Task)_next).WaitAsync(_options.QuietTime, _options.Clock, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Token.ThrowIfCancellationRequested();
        }

        return !_next.IsCompleted;
    }

    private async ValueTask<SeenHead?> AnnouncedAsync()
    {
        var moved = await _next!.ConfigureAwait(false);
        _next = null;
        return moved ? new SeenHead(_announced!.Current, IsAsked: false) : null;
    }
}
