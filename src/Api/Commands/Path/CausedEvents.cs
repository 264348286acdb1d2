// The events that a command caused, as the index has them. Enters: a command that a block holds. Leaves: the places of
// its events among all, or null while the index is not there yet. Always holds: the index is asked first, and only by
// the hash of the command's own block, so a block that was taken back names nothing; the node says which logs are the
// transaction's; a bounded number of answers is remembered; a node that is silent costs the places and not the status.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using EventSourced.Commands;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Api.Commands.Path;

/// <summary>An event that a command caused.</summary>
internal sealed record CausedEvent(long Sequence, string Stream, string Type);

/// <summary>Finds them.</summary>
internal sealed class CausedEvents(NpgsqlDataSource rows, EthereumClient node)
{
    /// <summary>The most events that a status names.</summary>
    public const int Most = 64;

    private const int MostRemembered = 10_000;

    // All events of one block, where the index has this very block; the block's row alone where it has no event.
    private static readonly string OfBlock =
        $"""
        select e.seq_id, e.id, e.stream_id, e.type from {TableNames.Blocks} b
        left join {TableNames.Events} e on e.seq_id <= b.last_sequence
            and e.seq_id > {EventPlace.LastEventOf("b.number < $1")}
        where b.number = $1 and b.hash = $2 order by e.seq_id
        """;

    private readonly ConcurrentDictionary<(Hash32 Block, Hash32 Transaction), IReadOnlyList<CausedEvent>> _known =
        new();

    /// <summary>The status of a command with its events, where the index has them.</summary>
    public async Task<JsonObject> AddAsync(JsonObject json, CommandStatus status, CancellationToken cancellation)
    {
        if (await FindAsync(status, cancellation).ConfigureAwait(false) is not { } events) return json;
        json["events"] = new JsonArray([.. events.Select(one => new JsonObject
        {
            ["sequence"] = one.Sequence,
            ["stream"] = one.Stream,
            ["type"] = one.Type,
        })]);
        return json;
    }

    private async Task<IReadOnlyList<CausedEvent>?> FindAsync(CommandStatus status, CancellationToken cancellation)
    {
        if (status is not { Succeeded: true, Block: { } block, BlockHash: { } hash, Transaction: { } transaction })
            return null;
        if (_known.TryGetValue((hash, transaction), out var known)) return known;
        try
        {
            var all = await OfBlockAsync(block, hash, cancellation).ConfigureAwait(false);
            if (all is null) return null;
            var receipt = await node.GetReceiptAsync(transaction, cancellation).ConfigureAwait(false);
            if (receipt is null || receipt.BlockHash != hash) return null;
            var logs = new HashSet<uint>();
            for (var i = 0; i < receipt.Logs.Count; i++) logs.Add((uint)receipt.Logs[i].LogIndex);
            CausedEvent[] caused = [.. all.Where(one => logs.Contains(one.Log)).Take(Most).Select(one => one.Event)];
            if (_known.Count >= MostRemembered) _known.Clear();
            if (_known.TryAdd((hash, transaction), caused)) Trace(status, caused);
            return caused;
        }
        catch (RpcException)
        {
            return null;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // No index has been here yet.
            return null;
        }
    }

    private async Task<List<(uint Log, CausedEvent Event)>?> OfBlockAsync(
        ulong block, Hash32 hash, CancellationToken cancellation)
    {
        var command = rows.CreateCommand(OfBlock).With((long)block).With(hash.Bytes.ToArray());
        await using var disposing = command.ConfigureAwait(false);
        List<(uint, CausedEvent)>? found = null;
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found ??= [];
            if (reader.IsDBNull(0)) continue;
            found.Add((EventIdentity.PlaceOf(reader.GetGuid(1), default).LogIndex,
                new CausedEvent(reader.GetInt64(0), reader.GetString(2), reader.GetString(3))));
        }

        return found;
    }

    // The end of the command's trace: the request, the relayer's steps and the indexed event have one id.
    private static void Trace(CommandStatus status, CausedEvent[] caused)
    {
        using var span = Acceptance.Spans.StartActivity(
            "command indexed", ActivityKind.Internal, Acceptance.TraceOf(status.CorrelationId, status.Id),
            [new("command.id", status.Id), new("correlation.id", status.CorrelationId),
                new("event.sequences", string.Join(',', caused.Select(one => one.Sequence)))]);
    }
}
