// A second opinion about the present: the node's newest block, asked beside the indexer. Enters: a node. Leaves: a head
// that the indexer has had time to reach. Always holds: a silent node or a silent subscription shows as a reason for
// red and not as calm.
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Host.Serving;

/// <summary>Asks for the node's newest block, again and again.</summary>
public sealed class NodeHead(EthereumClient client, TimeProvider time)
{
    /// <summary>
    /// The interval of the questions. A head that one question saw must be indexed by the next question.
    /// </summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>The silence after which a node is a reason for red.</summary>
    public static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(15);

    private long _asked = time.GetTimestamp();
    private long _newest;
    private long _due;

    /// <summary>The newest block that the node has reported; 0 before the first answer.</summary>
    public ulong Newest => (ulong)Volatile.Read(ref _newest);

    /// <summary>The block that the indexer must have by now.</summary>
    public ulong Due => (ulong)Volatile.Read(ref _due);

    /// <summary>The time that the node has been silent, where that is too long.</summary>
    public TimeSpan? Silence =>
        time.GetElapsedTime(Volatile.Read(ref _asked)) is var silent && silent > MostSilence ? silent : null;

    /// <summary>Asks until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                var head = (long)await client.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
                // After a reorg to a shorter chain the old head is no longer due.
                Volatile.Write(ref _due, Math.Min(head, Volatile.Read(ref _newest)));
                Volatile.Write(ref _newest, head);
                Volatile.Write(ref _asked, time.GetTimestamp());
            }
            catch (RpcException)
            {
                // The length of the silence reports this fault.
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
    }
}
