// The way in which our workers act on the chain: through the same journal and the same relayer as everybody. Enters: a
// wish, and the account or key that it acts for. Leaves: a command under the key of the wish, written in the
// transaction of the caller's session if there is one; the contract's refusal by name; later, the outcome. Always
// holds: a wish with a known key is answered by its existing command and neither rehearsed nor signed again; every
// accepted wish was granted by the pending block.
using System.Buffers.Binary;
using System.Collections.Concurrent;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.Workers.Relaying;
using Marten;
using Npgsql;

namespace EventSourced.Workers.Acting;

/// <summary>Acts for accounts and keys that we have.</summary>
public sealed class Actor(
    Stage stage, EthereumClient node, NpgsqlDataSource source, IDocumentStore store, Acceptance acceptance)
{
    /// <summary>
    /// The largest number of requests of one key that are on their way. Further requests wait for them.
    /// </summary>
    public const int MostWaiting = 64;

    // A reserve of gas: the state may make the call dearer by the time of its block.
    private const ulong GasPercent = 130;
    private const ulong GasSpare = 40_000;

    // The refusal of a call that is not yet due. Its first argument is the second from which on it is due.
    private const string TooEarly = "TooEarly";

    // The node's refusal to run a call at all; stored as a code.
    private const string SimulationRefused = "SimulationRefused";

    private static readonly AbiFunction Nonces = AbiFunction.Parse(
        "function nonces(address owner) view returns (uint256)");

    private static readonly string Taken =
        $"""
        select request_nonce from {CommandTables.Command}
         where asker = $1 and phase < {(int)Phase.Included} and request_nonce is not null limit {MostWaiting}
        """;

    private static readonly TimeSpan Believed = TimeSpan.FromMilliseconds(100);

    // The full queue of a key empties with the next blocks.
    private static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(250);

    private readonly CommandReads _reads = new(source);
    private readonly ConcurrentDictionary<Address, SemaphoreSlim> _turns = new();
    private volatile Seen? _seen;

    /// <summary>The chain on which it acts.</summary>
    public Stage Stage => stage;

    /// <summary>The node that it asks.</summary>
    public EthereumClient Node => node;

    /// <summary>
    /// Calls a contract for an account of the relayer. That account pays for the call and receives its reward.
    /// </summary>
    /// <param name="deed">The deed.</param>
    /// <param name="account">The account; a relayer that has its key sends the call.</param>
    /// <param name="session">The caller's session. The command is accepted when the session is saved.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Done> CallAsync(
        Deed deed, Address account, IDocumentSession session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deed);
        if (await KnownAsync(deed, account, cancellation).ConfigureAwait(false) is { } known) return known;
        var (gas, refused) = await RehearseAsync(
            new CallRequest(deed.To, deed.Data) { From = account }, cancellation).ConfigureAwait(false);
        if (refused is not null) return refused;
        var last = await NowAsync(cancellation).ConfigureAwait(false) + deed.LifeSeconds;
        var payload = new Payload.Own(account, deed.To, LimitOf(gas), last, deed.Data);
        return await AcceptAsync(session, deed, account, payload, gas, cancellation).ConfigureAwait(false);
    }

    /// <summary>The same call, accepted at once.</summary>
    public Task<Done> CallAsync(Deed deed, Address account, CancellationToken cancellation) =>
        AloneAsync(session => CallAsync(deed, account, session, cancellation), cancellation);

    /// <summary>
    /// Calls a contract for a key that we have, by a signed request that the relayer brings on chain.
    /// </summary>
    /// <param name="deed">The deed.</param>
    /// <param name="key">The key of the account that acts.</param>
    /// <param name="session">
    /// The caller's session. The command is accepted when the session is saved; until then other requests of the key
    /// wait.
    /// </param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Done> ForwardAsync(
        Deed deed, SigningKey key, IDocumentSession session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deed);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(session);
        var (gas, done) = await GrantedAsync(deed, key, cancellation).ConfigureAwait(false);
        return done ?? await SignedAsync(deed, key, gas, session, cancellation).ConfigureAwait(false);
    }

    /// <summary>The same call, accepted at once.</summary>
    public async Task<Done> ForwardAsync(Deed deed, SigningKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deed);
        ArgumentNullException.ThrowIfNull(key);
        var (gas, known) = await GrantedAsync(deed, key, cancellation).ConfigureAwait(false);
        if (known is not null) return known;
        // Requests of one key take their numbers one after the other. A request holds no connection while it waits for
        // its number.
        var turn = _turns.GetOrAdd(key.Address, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await AloneAsync(session => SignedAsync(deed, key, gas, session, cancellation), cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The status of a command; null: no command has this id.</summary>
    public Task<CommandStatus?> OutcomeAsync(Guid id, CancellationToken cancellation) =>
        _reads.ByIdAsync(id, cancellation);

    /// <summary>Waits until a block holds a command, or the command is over.</summary>
    /// <param name="id">The command.</param>
    /// <param name="changes">The running follower of changes.</param>
    /// <param name="isFinal">Whether to wait until the chain can no longer take the command back.</param>
    /// <param name="cancellation">Ends the wait, not the command.</param>
    public static async Task<CommandStatus> OutcomeAsync(
        Guid id, CommandChanges changes, bool isFinal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changes);
        CommandStatus? last = null;
        await foreach (var status in changes.WatchAsync(id, cancellation).ConfigureAwait(false))
        {
            last = status;
            if (status.IsOver || (!isFinal && status.Phase == Phase.Included)) return status;
        }

        return last ?? throw new InvalidOperationException($"expected command {id}, found none of this id");
    }

    /// <summary>The present refusal of an account's call by the contract; null: none. Changes nothing.</summary>
    public async Task<string?> RefusalAsync(Deed deed, Address account, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deed);
        return (await RehearseAsync(new CallRequest(deed.To, deed.Data) { From = account }, cancellation)
            .ConfigureAwait(false)).Refused?.Reason;
    }

    /// <summary>
    /// The time of the block to come. The answer is reused for a moment, since many callers ask at once.
    /// </summary>
    public async ValueTask<ulong> NowAsync(CancellationToken cancellation)
    {
        if (_seen is { } seen && TimeProvider.System.GetElapsedTime(seen.At) < Believed) return seen.Second;
        var second = await PendingBlock.TimeAsync(node, cancellation).ConfigureAwait(false);
        _seen = new Seen(TimeProvider.System.GetTimestamp(), second);
        return second;
    }

    // The gas of the call; or the reason not to make it now: it is known, or not granted.
    private async Task<(ulong Gas, Done? Done)> GrantedAsync(
        Deed deed, SigningKey key, CancellationToken cancellation)
    {
        if (await KnownAsync(deed, key.Address, cancellation).ConfigureAwait(false) is { } known) return (0, known);
        return await RehearseAsync(
            new CallRequest(deed.To, (byte[])[.. deed.Data.Span, .. key.Address.Bytes]) { From = stage["Forwarder"] },
            cancellation).ConfigureAwait(false);
    }

    private async Task<Done> SignedAsync(
        Deed deed, SigningKey key, ulong gas, IDocumentSession session, CancellationToken cancellation)
    {
        var forwarder = stage["Forwarder"];
        var deadline = await NowAsync(cancellation).ConfigureAwait(false) + deed.LifeSeconds;
        await session.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (await NextNonceAsync(session.Connection!, key.Address, cancellation).ConfigureAwait(false) is not { } nonce)
            return new Done.Busy(RoomPause);
        var request = new ForwardRequest(key.Address, deed.To, LimitOf(gas), nonce, deadline, deed.Data);
        var signature = key.Sign(request.Digest(stage.ChainId, forwarder)).ToBytes();
        return await AcceptAsync(
            session, deed, key.Address, new Payload.Forward(forwarder, request, signature), gas, cancellation)
            .ConfigureAwait(false);
    }

    private static ulong LimitOf(ulong gas) => Math.Min(gas * GasPercent / 100 + GasSpare, ForwarderCall.MostGas);

    private async Task<Done> AloneAsync(Func<IDocumentSession, Task<Done>> act, CancellationToken cancellation)
    {
        var session = store.LightweightSession();
        await using var closing = session.ConfigureAwait(false);
        var done = await act(session).ConfigureAwait(false);
        if (done is Done.Accepted) await session.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return done;
    }

    private async Task<Done?> KnownAsync(Deed deed, Address actor, CancellationToken cancellation) =>
        await _reads.ByKeyAsync(actor, deed.Key, cancellation).ConfigureAwait(false) switch
        {
            null => null,
            var (status, body) when body == deed.Hash(actor) => new Done.Known(status),
            var (status, _) => throw Reused(deed, status.Id),
        };

    private async Task<Done> AcceptAsync(
        IDocumentSession session, Deed deed, Address actor, Payload payload, ulong gas, CancellationToken cancellation)
    {
        var submission = new Submission(
            deed.Name, actor, deed.Key, deed.Hash(actor),
            System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? Guid.NewGuid().ToString("N"), payload,
            new Simulation(gas, deed.Effect));
        return await acceptance.AcceptAsync(session, submission, cancellation).ConfigureAwait(false) switch
        {
            Answer.Accepted accepted => new Done.Accepted(accepted.Id),
            Answer.Same same => new Done.Known(same.Command),
            Answer.Conflict conflict => throw Reused(deed, conflict.Id),
            Answer.Full full => new Done.Busy(full.RetryAfter),
            Answer.NonceTaken => new Done.Busy(RoomPause),
            var other => throw new InvalidOperationException(
                $"expected an answer of acceptance, found {other.GetType().Name}"),
        };
    }

    // Two wishes under one key are an error of the worker that made the key.
    private static InvalidOperationException Reused(Deed deed, Guid id) =>
        new($"expected key {deed.Key} to be that of one wish, found command {id} with another call under it");

    private async Task<(ulong Gas, Done.Refused? Refused)> RehearseAsync(
        CallRequest call, CancellationToken cancellation)
    {
        // Both questions go out at once: for a granted call, the usual case, the answer comes sooner.
        var estimating = node.EstimateGasAsync(call.From!.Value, call.To, call.Data, call.Value, cancellation);
        try
        {
            await node.CallAsync(call, BlockTag.Pending, cancellation).ConfigureAwait(false);
            return (await estimating.ConfigureAwait(false), null);
        }
        catch (RpcException fault) when (fault.Fault == RpcFault.Reverted)
        {
            return (0, RefusalOf(fault.RevertData.Span));
        }
        catch (RpcException fault) when (fault.Fault == RpcFault.Refused)
        {
            // The call ran out of gas, or the account lacks the wei.
            return (0, new Done.Refused(SimulationRefused, fault.Message));
        }
        finally
        {
            await ((Task)estimating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A refusal that names a deadline tells the second from which on the call is granted.
    private static Done.Refused RefusalOf(ReadOnlySpan<byte> data)
    {
        if (Stage.Refusals.Read(data) is not { } refusal)
            return new Done.Refused(CommandCodes.Reverted, "a refusal that no contract of ours gives");
        var from = refusal is { Name: TooEarly, Arguments: [AbiValue.Unsigned { Value: var second }, ..] }
            && second.TryToUInt64(out var seconds) && seconds <= long.MaxValue ? (long)seconds : 0;
        return new Done.Refused(refusal.Name, refusal.ToString(), from);
    }

    // If two processes sign for one key, one of them waits until the other has accepted.
    private async Task<ulong?> NextNonceAsync(
        NpgsqlConnection connection, Address sender, CancellationToken cancellation)
    {
        var bytes = sender.Bytes.ToArray();
        var gate = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection);
        await using (gate.ConfigureAwait(false))
        {
            gate.Parameters.Add(new NpgsqlParameter<long>
            {
                TypedValue = BinaryPrimitives.ReadInt64BigEndian(Keccak256.Hash(bytes).Bytes),
            });
            await gate.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var answer = await node.CallAsync(
            new CallRequest(stage["Forwarder"], Nonces.EncodeCall(sender)), BlockTag.Latest,
            cancellation).ConfigureAwait(false);
        if (!Nonces.DecodeResult(answer)[0].AsUInt256().TryToUInt64(out var next)) return null;
        var taken = new HashSet<ulong>();
        var command = new NpgsqlCommand(Taken, connection);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = bytes });
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) taken.Add((ulong)reader.GetInt64(0));
        if (taken.Count >= MostWaiting) return null;
        while (taken.Contains(next)) next++;
        return next;
    }

    private sealed record Seen(long At, ulong Second);
}
