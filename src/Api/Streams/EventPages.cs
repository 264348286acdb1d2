// Pages of events. Enters: the client's question. Leaves: one statement's rows as a connection. Always holds: a page
// is one snapshot; events of one stream are in the order of their versions, events of all streams in the order of
// the chain; every value of a client is a parameter.
using System.Text;
using EventSourced.Domain.Folding;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Response;
using EventSourced.Tables;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Api.Streams;

/// <summary>The client's question.</summary>
internal sealed record EventQuery
{
    public string? Stream { get; init; }

    public IReadOnlyList<string>? Types { get; init; }

    public long? FromBlock { get; init; }

    public long? ToBlock { get; init; }

    /// <summary>The event with this identity alone.</summary>
    public Guid? Id { get; init; }

    /// <summary>The logs of one transaction alone.</summary>
    public TransactionLogs? Transaction { get; init; }

    public int First { get; init; } = 20;

    public EventCursor? After { get; init; }

    public bool IsDescending { get; init; }

    /// <summary>The last version that counts: the one at which the field above found the stream.</summary>
    public long? UntilVersion { get; init; }

    /// <summary>Reads the arguments of a field.</summary>
    internal static EventQuery Of(ResolverContext context) => new()
    {
        Stream = context.ArgumentValue<string?>("stream"),
        Types = context.ArgumentValue<IReadOnlyList<object?>?>("types")?.Cast<string>().ToList(),
        FromBlock = context.ArgumentValue<long?>("fromBlock"),
        ToBlock = context.ArgumentValue<long?>("toBlock"),
        First = context.ArgumentValue<int?>("first") ?? 20,
        After = context.ArgumentValue<string?>("after") is { } cursor ? EventCursor.Parse(cursor) : null,
        IsDescending = context.ArgumentValue<string?>("order") == "DESC",
    };
}

/// <summary>A page. Its members are the fields of the schema's EventConnection.</summary>
internal sealed record EventPage(IReadOnlyList<StoredEvent> Nodes, PageView PageInfo)
{
    public IEnumerable<EventEdge> Edges => Nodes.Select(node => new EventEdge(node.Cursor.ToString(), node));
}

/// <summary>An event with its cursor.</summary>
internal sealed record EventEdge(string Cursor, StoredEvent Node);

/// <summary>The beginning and the end of a page.</summary>
internal sealed record PageView(bool HasNextPage, bool HasPreviousPage, string? StartCursor, string? EndCursor);

/// <summary>Reads pages of events.</summary>
internal static class EventPages
{
    internal static async Task<EventPage> ReadAsync(
        NpgsqlDataSource database, EventQuery query, int mostRows, CancellationToken cancellation)
    {
        Check(query, mostRows);
        await using var command = database.CreateCommand();
        command.CommandText = Statement(query, command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var events = new List<StoredEvent>(Math.Min(query.First, mostRows));
        var hasMore = false;
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (events.Count == query.First) hasMore = true;
            else events.Add(StoredEvent.Read(reader));
        }

        return new EventPage(events, new PageView(
            hasMore, query.After is not null, events.Count > 0 ? events[0].Cursor.ToString() : null,
            events.Count > 0 ? events[^1].Cursor.ToString() : null));
    }

    private static void Check(EventQuery query, int mostRows)
    {
        if (query.First < 0)
            throw new GraphQLException(new GraphQLError(
                $"expected first of at least 0 for events, found {query.First}", ErrorCodes.BadUserInput));
        if (query.First > mostRows) throw LimitExceeded.Exception(LimitNames.ListSize, mostRows, query.First);
        if (query.Types?.FirstOrDefault(type => !EventRecords.IsKnown(type)) is { } unknown)
            throw new GraphQLException(new GraphQLError(
                $"expected the name of an event type, as in task_created, found \"{Shown(unknown)}\"",
                ErrorCodes.BadUserInput));
        if (query.Stream?.Contains('\0') == true)
            throw new GraphQLException(new GraphQLError(
                "expected a stream's id, found a text with U+0000", ErrorCodes.BadUserInput));
    }

    private static string Statement(EventQuery query, NpgsqlParameterCollection parameters)
    {
        var text = new StringBuilder(StoredEvent.SelectWithBlock).Append(" where true");
        if (query.Stream is { } stream) text.Append($" and e.stream_id = {Add(stream, NpgsqlDbType.Varchar)}");
        if (query.UntilVersion is { } version) text.Append($" and e.version <= {Add(version, NpgsqlDbType.Bigint)}");
        if (query.Types is { } types)
            text.Append($" and e.type = any({Add(types.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Varchar)})");
        if (query.FromBlock is { } from)
            text.Append($" and e.seq_id > {EventPlace.LastEventOf($"b.number < {Add(from, NpgsqlDbType.Bigint)}")}");
        if (query.ToBlock is { } to)
            text.Append($" and e.seq_id <= {EventPlace.LastEventOf($"b.number <= {Add(to, NpgsqlDbType.Bigint)}")}");
        if (query.Id is { } id)
        {
            var number = Add((long)EventIdentity.PlaceOf(id, default).Block, NpgsqlDbType.Bigint);
            text.Append($" and e.id = {Add(id, NpgsqlDbType.Uuid)}{InBlock(number)}");
        }

        if (query.Transaction is { } transaction)
        {
            // What follows from a log without one of its own belongs to no transaction.
            var derived = Add(EventRecords.AllDerived, NpgsqlDbType.Array | NpgsqlDbType.Varchar);
            text.Append($" and b.hash = {Add(transaction.BlockHash, NpgsqlDbType.Bytea)}")
                .Append($" and {EventPlace.LogOf("e.id")} = any({Add(transaction.Logs, NpgsqlDbType.Array | NpgsqlDbType.Integer)})")
                .Append($" and e.type <> all({derived}){InBlock(Add(transaction.Block, NpgsqlDbType.Bigint))}");
        }

        // Each order has its index: streams by their versions, all events by their places.
        var order = query.Stream is null ? "seq_id" : "version";
        if (query.After is { } after)
        {
            var place = query.Stream is null ? after.Sequence : after.Version;
            text.Append($" and e.{order} {(query.IsDescending ? '<' : '>')} {Add(place, NpgsqlDbType.Bigint)}");
        }

        var limit = Add(query.First + 1, NpgsqlDbType.Integer);
        text.Append($" order by e.{order}{(query.IsDescending ? " desc" : "")} limit {limit}");
        return text.ToString();

        string Add(object value, NpgsqlDbType type)
        {
            parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
            return $"${parameters.Count}";
        }
    }

    private static string InBlock(string number) =>
        $" and e.seq_id > {EventPlace.LastEventOf($"b.number < {number}")} and e.seq_id <= " +
            EventPlace.LastEventOf($"b.number <= {number}");

    private static string Shown(string text) => text.Length <= 100 ? text : $"{text[..100]}…";
}
