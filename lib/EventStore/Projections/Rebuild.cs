// Folds every stored event anew and replaces a projection's documents. The scan runs without locks; the documents are
// swapped in one short transaction, so readers see the old ones until the new ones are whole. Memory is bounded by the
// number of documents held at once: where there are more, the scan is repeated, each time for another share of the
// keys.
using System.Text;
using System.Text.Json;
using EventSourced.EventStore.Json;
using EventSourced.EventStore.Reading;
using EventSourced.EventStore.Subscriptions;
using EventSourced.EventStore.Writing;
using Npgsql;

namespace EventSourced.EventStore.Projections;

/// <summary>One run of a rebuild.</summary>
internal sealed class Rebuild(Store store, Projection projection, int documentsInMemory = Limits.DocumentsInMemory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal async Task<Rebuilt> RunAsync(CancellationToken token)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(token);
        var ceiling = await new HighWater(store).SettleAsync(connection, 0, Patience, token);
        for (var shares = 1; shares <= Limits.RebuildPasses; shares *= 2)
        {
            if (await TryAsync(connection, ceiling, shares, token) is { } rebuilt) return rebuilt;
        }

        throw new InvalidOperationException(
            $"rebuild of {projection.Name}: expected at most {documentsInMemory} documents in a share, found more");
    }

    // Null if a share holds more documents than may be in memory at once.
    private async Task<Rebuilt?> TryAsync(
        NpgsqlConnection connection, long ceiling, int shares, CancellationToken token)
    {
        var first = await FoldAsync(ceiling, 0, shares, token);
        if (first is null) return null;
        await using var transaction = await connection.BeginTransactionAsync(token);
        await RunAsync(connection, $"lock table {store.Schema}.es_snapshots in share row exclusive mode", token);
        await using (
            var delete = new NpgsqlCommand($"delete from {store.Schema}.es_snapshots where type = $1", connection))
        {
            delete.Parameters.AddTyped(projection.Name);
            await delete.ExecuteNonQueryAsync(token);
        }

        var rebuilt = new Rebuilt(0, 0, ceiling);
        for (var share = 0; share < shares; share++)
        {
            var folded = share == 0 ? first : await FoldAsync(ceiling, share, shares, token);
            if (folded is null) return null;
            rebuilt = rebuilt with
            {
                Events = rebuilt.Events + folded.Events,
                Documents = rebuilt.Documents + await WriteAsync(connection, folded, token),
            };
        }

        if (projection.Lifecycle == SnapshotLifecycle.Async)
            await new Progression(store.Schema, projection.Name).SetAsync(connection, ceiling, token);
        await transaction.CommitAsync(token);
        return rebuilt;
    }

    private async Task<FoldedDocuments?> FoldAsync(long ceiling, int share, int shares, CancellationToken token)
    {
        var folded = new FoldedDocuments(projection, share, shares);
        var options = new ScanOptions
        {
            UntilSequence = ceiling,
            EventTypes = projection.TakesEvent ? [] : [projection.EventType],
            Archived = projection.TakesEvent,
            Identity = projection.TakesEvent,
            Metadata = projection.TakesEvent,
        };
        await using var connection = await store.DataSource.OpenConnectionAsync(token);
        await using var scan = await EventScan.StartAsync(connection, store, options, token);
        while (await scan.ReadAsync(token))
        {
            folded.Add(scan.Current);
            if (folded.Count > documentsInMemory) return null;
        }

        return folded;
    }

    private async Task<long> WriteAsync(NpgsqlConnection connection, FoldedDocuments folded, CancellationToken token)
    {
        using var rows = new CopyBuffer();
        using var json =
            new Utf8JsonWriter(rows, StorableText.WriterOptions);
        var name = Encoding.UTF8.GetBytes(projection.Name);
        var statement =
            $"copy {store.Schema}.es_snapshots (type, id, version, revision, data) from stdin (format binary)";
        var written = 0L;
        foreach (var (id, version, state) in folded.InOrder())
        {
            rows.Row(5);
            rows.Utf8(name);
            rows.Utf8(id);
            rows.Int64(version);
            rows.Int32(projection.Revision);
            var at = rows.BeginJson();
            projection.Write(json, state);
            json.Flush();
            json.Reset();
            rows.EndField(at);
            written++;
            if (rows.Length > CopyBuffer.Full) await rows.SendAsync(connection, statement, token);
        }

        if (!rows.IsEmpty) await rows.SendAsync(connection, statement, token);
        return written;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(token);
    }
}

/// <summary>What a rebuild did.</summary>
/// <param name="Events">Events folded.</param>
/// <param name="Documents">Documents written.</param>
/// <param name="Ceiling">The last position that they have seen.</param>
public readonly record struct Rebuilt(long Events, long Documents, long Ceiling);
