// A stored event in the readers' form, and its cursor. Always holds: a cursor names the event itself and not only
// its place; a client that comes back with a cursor after a reorg is found out and told of the retraction.
using System.Globalization;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Response;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Api.Streams;

/// <summary>A place among all events, with the identity of the event that stands there.</summary>
/// <param name="Sequence">The place among all.</param>
/// <param name="Version">The place in its stream.</param>
/// <param name="Id">The event.</param>
internal readonly record struct EventCursor(long Sequence, long Version, Guid Id)
{
    /// <summary>The text that a client keeps.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}.{Version}.{Id:N}");

    /// <summary>Reads a client's text.</summary>
    internal static EventCursor Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && Guid.TryParseExact(parts[2], "N", out var id)
            ? new EventCursor(sequence, version, id)
            : throw new GraphQLException(new GraphQLError(
                $"expected the cursor of an event, as an earlier answer gave it, found \"{Shown(text)}\"",
                ErrorCodes.BadUserInput));
    }

    private static string Shown(string text) => text.Length <= 100 ? text : $"{text[..100]}…";
}

/// <summary>A block in the schema's form.</summary>
internal sealed record BlockView(long Number, string? Hash, string Timestamp)
{
    internal static BlockView Of(long number, byte[]? hash, long seconds) =>
        new(
            number, hash is null ? null : $"0x{Convert.ToHexStringLower(hash)}",
            Time(DateTimeOffset.FromUnixTimeSeconds(seconds)));

    internal static string Time(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A stored event. Its members are the fields of the schema's Event.</summary>
internal sealed record StoredEvent
{
    /// <summary>The columns that <see cref="Read"/> reads, of the tables e (events) and b (blocks).</summary>
    internal const string Columns = "e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp";

    /// <summary>Events e with the hash of their blocks b, for <see cref="Read"/>.</summary>
    internal static readonly string SelectWithBlock =
        $"select {Columns}, b.hash from {TableNames.Events} e left join {TableNames.Blocks} b on b.number = {EventPlace.BlockOf("e.id")}";

    public required string Id { get; init; }

    public required long Position { get; init; }

    public required string Stream { get; init; }

    public required long Version { get; init; }

    public required string Type { get; init; }

    public required RawJson Data { get; init; }

    public required BlockView Block { get; init; }

    public required int LogIndex { get; init; }

    public required int Ordinal { get; init; }

    public required bool IsDerived { get; init; }

    internal required EventCursor Cursor { get; init; }

    internal required At At { get; init; }

    /// <summary>The domain's record.</summary>
    internal ChainEvent Happened => EventRecords.Read(Type, Data.Utf8.Span);

    /// <summary>Reads an event from the first columns, and the hash of its block from the column behind
    /// them.</summary>
    internal static StoredEvent Read(NpgsqlDataReader row)
    {
        var id = row.GetGuid(1);
        var time = row.GetFieldValue<DateTimeOffset>(6).ToUnixTimeSeconds();
        var at = EventIdentity.PlaceOf(id, (ulong)time);
        var type = row.GetString(4);
        return new StoredEvent
        {
            Id = id.ToString(),
            Position = row.GetInt64(0),
            Stream = row.GetString(2),
            Version = row.GetInt64(3),
            Type = type,
            Data = new RawJson(row.GetFieldValue<byte[]>(5)),
            Block = BlockView.Of((long)at.Block, row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7), time),
            LogIndex = (int)at.LogIndex,
            Ordinal = (int)at.Ordinal,
            IsDerived = EventRecords.IsDerived(type),
            Cursor = new EventCursor(row.GetInt64(0), row.GetInt64(3), id),
            At = at,
        };
    }
}
