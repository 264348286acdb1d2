// The ordered scan: all events from a position on, streamed by binary COPY through one reused buffer, so that a million
// events need no more memory than one. Enters: a connection that the scan has to itself. Leaves: raw events in order.
using System.Text;
using Npgsql;

namespace EventSourced.MartenBulk;

/// <summary>A running scan; read one event, then the next.</summary>
internal sealed class EventScan : IAsyncDisposable
{
    private const int KeysRemembered = 4096;

    private readonly CopyReader _rows;
    private readonly ScanOptions _options;
    private readonly (byte[] Utf8, string Key)[] _keys = new (byte[], string)[KeysRemembered];

    private EventScan(CopyReader rows, ScanOptions options, EventTypes types)
    {
        _rows = rows;
        _options = options;
        Types = types;
    }

    internal EventTypes Types { get; }

    /// <summary>
    /// The event that <see cref="ReadAsync"/> moved to. Ask once: it is read from the row as it is made.
    /// </summary>
    internal RawEvent Current => new(this, _rows, _options);

    internal static async Task<EventScan> StartAsync(
        NpgsqlConnection connection, BulkStore store, ScanOptions options, CancellationToken token)
    {
        var stream = await connection.BeginRawBinaryCopyAsync(Statement(store, options), token);
        var rows = new CopyReader(stream);
        try
        {
            await rows.OpenAsync(token);
            return new EventScan(rows, options, store.Types);
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    internal ValueTask<bool> ReadAsync(CancellationToken token) => _rows.ReadAsync(token);

    public ValueTask DisposeAsync() => _rows.DisposeAsync();

    // Neighbouring events often share their stream; a small table of keys saves making the same string again.
    internal string Key(ReadOnlySpan<byte> utf8)
    {
        ref var place = ref _keys[(uint)Bytes.Comparer.GetHashCode(utf8) % KeysRemembered];
        if (place.Key is null || !utf8.SequenceEqual(place.Utf8))
            place = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return place.Key;
    }

    private static string Statement(BulkStore store, ScanOptions options)
    {
        var text = new StringBuilder(512);
        text.Append("copy (select seq_id, stream_id, version, type, case when bdata is null then data end");
        if (options.Archived) text.Append(", is_archived");
        if (options.Identity) text.Append(", id, timestamp");
        text.Append($" from {store.Schema}.mt_events where seq_id > {options.AfterSequence}");
        if (options.UntilSequence < long.MaxValue) text.Append($" and seq_id <= {options.UntilSequence}");
        if (!options.Archived) text.Append(" and is_archived = false");
        if (options.EventTypes.Count > 0)
        {
            var aliases = store.Types.AliasesOf(options.EventTypes)
                .Select(alias => $"'{alias.Replace("'", "''", StringComparison.Ordinal)}'").ToArray();
            text.Append(aliases.Length == 0 ? " and false" : $" and type in ({string.Join(", ", aliases)})");
        }

        return text.Append(" order by seq_id) to stdout (format binary)").ToString();
    }
}
