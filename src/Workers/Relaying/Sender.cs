// Sends signed bytes to the node. Enters: transactions that are written down. Leaves: facts about the node's answers.
// Always holds: bytes may be sent any number of times, since they can happen only once; a lost answer changes nothing;
// a command is given up only if the node says for certain that it will never take these bytes.
using System.Collections.Concurrent;
using System.Threading.Channels;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Relaying;

/// <summary>Sends, and writes down the node's answers.</summary>
internal sealed class Sender(RelayDesk desk)
{
    private const int MostQueued = 4096;
    private const int MostAtOnce = 128;

    private readonly Channel<Outgoing> _queue = Channel.CreateBounded<Outgoing>(
        new BoundedChannelOptions(MostQueued) { FullMode = BoundedChannelFullMode.Wait });

    private readonly ConcurrentDictionary<Hash32, int> _unknown = new();
    private readonly ConcurrentDictionary<(Address Signer, ulong Nonce), bool> _underpriced = new();
    private readonly List<Outgoing> _taken = [];

    /// <summary>Returns the nonces whose fees a node has found too low since the last call, and forgets them.</summary>
    internal IReadOnlyList<(Address Signer, ulong Nonce)> TakeUnderpriced()
    {
        (Address, ulong)[] places = [.. _underpriced.Keys];
        foreach (var place in places) _underpriced.TryRemove(place, out _);
        return places;
    }

    internal async Task EnqueueAsync(IEnumerable<Outgoing> signed, CancellationToken cancellation)
    {
        foreach (var one in signed) await _queue.Writer.WriteAsync(one, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        var lastFlush = desk.Time.GetTimestamp();
        while (!cancellation.IsCancellationRequested)
        {
            var batch = await NextAsync(cancellation).ConfigureAwait(false);
            await SendAsync(batch, cancellation).ConfigureAwait(false);
            if (_taken.Count == 0 || desk.Time.GetElapsedTime(lastFlush) < desk.Options.FlushEvery) continue;
            await FlushAsync(cancellation).ConfigureAwait(false);
            lastFlush = desk.Time.GetTimestamp();
        }
    }

    /// <summary>Sends transactions; those of one account in the order of their nonces.</summary>
    internal async Task SendAsync(IReadOnlyList<Outgoing> batch, CancellationToken cancellation)
    {
        var refused = new ConcurrentBag<(Outgoing One, string Words)>();
        var taken = new ConcurrentBag<Outgoing>();
        await Task.WhenAll(batch.GroupBy(one => one.Signer).Select(async group =>
        {
            foreach (var one in group.OrderBy(one => one.Nonce))
            {
                var (meaning, words) = await SendAsync(one, cancellation).ConfigureAwait(false);
                if (meaning == Sending.Taken) taken.Add(one);
                if (IsOver(one, meaning)) refused.Add((one, words));
            }
        })).ConfigureAwait(false);
        lock (_taken) _taken.AddRange(taken.Where(one => one.Command is not null));
        foreach (var (one, words) in refused) await GiveUpAsync(one, words, cancellation).ConfigureAwait(false);
    }

    private async Task<List<Outgoing>> NextAsync(CancellationToken cancellation)
    {
        var batch = new List<Outgoing>();
        bool isEmpty;
        lock (_taken) isEmpty = _taken.Count == 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!isEmpty) patience.CancelAfter(desk.Options.FlushEvery);
        try
        {
            batch.Add(await _queue.Reader.ReadAsync(patience.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return batch;
        }

        while (batch.Count < MostAtOnce && _queue.Reader.TryRead(out var one)) batch.Add(one);
        return batch;
    }

    private async Task<(Sending Meaning, string Words)> SendAsync(Outgoing one, CancellationToken cancellation)
    {
        try
        {
            await desk.Client.SendAsync(one.Raw, cancellation).ConfigureAwait(false);
            desk.Counts.AddSent();
            _unknown.TryRemove(one.Hash, out _);
            return (Sending.Taken, "");
        }
        catch (RpcException fault)
        {
            var meaning = NodeRefusals.Read(fault);
            if (meaning != Sending.Taken) desk.Log.NodeRefused(one.Hash.ToString(), meaning, fault.Message);
            switch (meaning)
            {
                case Sending.NonceUsed when one.IsOurs:
                    // The watch looks for our own hashes at this nonce. The next new nonce makes us ask the node again.
                    desk.Market.ForgetFloor(one.Signer);
                    break;
                case Sending.Underpriced when one.IsOurs:
                    _underpriced[(one.Signer, one.Nonce)] = true;
                    break;
                case Sending.Insolvent when one.IsOurs:
                    desk.Accounts.Rest(one.Signer);
                    break;
            }

            return (meaning, fault.Message);
        }
    }

    // A raw transaction whose owner cannot pay for it is not waited for.
    private bool IsOver(Outgoing one, Sending meaning) => meaning switch
    {
        Sending.Refused => true,
        Sending.Insolvent or Sending.Underpriced => !one.IsOurs,
        Sending.Unknown => _unknown.AddOrUpdate(one.Hash, 1, (_, count) => count + 1) >= desk.Options.MostRefusals,
        _ => false,
    };

    private async Task FlushAsync(CancellationToken cancellation)
    {
        Dictionary<Guid, Hash32> taken;
        lock (_taken)
        {
            taken = _taken.DistinctBy(one => one.Command).ToDictionary(one => one.Command!.Value, one => one.Hash);
            _taken.Clear();
        }

        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                // Commands that a block already holds have left this phase.
                foreach (
                    var row in await RelayDesk.LockAsync(transaction, taken.Keys, cancellation).ConfigureAwait(false))
                {
                    if (row.State.Phase == Phase.Signed && row.State.Transaction == taken[row.Id])
                        RelayDesk.Trace("command broadcast", journal.Tell(row, new Journal.Broadcast(taken[row.Id])));
                }
            },
            cancellation).ConfigureAwait(false);
    }

    private Task GiveUpAsync(Outgoing one, string words, CancellationToken cancellation) => desk.InTransactionAsync(
        async (transaction, journal) =>
        {
            _unknown.TryRemove(one.Hash, out _);
            await NonceRows.LockAsync(transaction, desk.Options.ChainId, cancellation).ConfigureAwait(false);
            if (one.Command is not { } id) return;
            foreach (var row in await RelayDesk.LockAsync(transaction, [id], cancellation).ConfigureAwait(false))
            {
                if (row.State is not { Phase: Phase.Signed or Phase.Broadcast, Code: null }
                    || row.State.Transaction != one.Hash)
                    continue;
                if (one.IsOurs)
                {
                    journal.Tell(row, new Journal.Abandoned(CommandCodes.RefusedByNode, words));
                    await NonceRows.FreeAsync(
                        transaction, desk.Options.ChainId, [(one.Signer, one.Nonce)],
                        cancellation).ConfigureAwait(false);
                }
                else if (row.State.Phase == Phase.Signed)
                {
                    // No node has it from us. Another holder of the bytes may still send them.
                    journal.Tell(row, new Journal.Failed(CommandCodes.RefusedByNode, words));
                }
            }
        },
        cancellation);
}
