// The fields events, event, block, stream and their members. Enters: arguments. Leaves: pages, streams, states.
// Always holds: each field is one snapshot; a stream's events and state end at the version at which the stream was
// found.
using System.Data;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.Tables;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Api.Streams;

/// <summary>A stream. Its members are the fields of the schema's Stream.</summary>
internal sealed record StreamView(string Id, string Kind, long Version, string CreatedAt, string UpdatedAt);

/// <summary>Resolves the fields that read the event store.</summary>
internal sealed class StreamFields(NpgsqlDataSource database, Transactions transactions, int mostRows)
{
    internal void AddTo(SchemaBuilder builder) => builder
        .AddResolver("Query", "events", EventsAsync)
        .AddResolver("Query", "event", EventAsync)
        .AddResolver("Query", "block", BlockAsync)
        .AddResolver("Query", "stream", StreamAsync)
        .AddResolver("Stream", "events", EventsOfAsync)
        .AddResolver("Stream", "state", StateAsync);

    private async ValueTask<object?> EventsAsync(ResolverContext context)
    {
        var query = EventQuery.Of(context);
        if (context.ArgumentValue<string?>("transaction") is { } hash)
        {
            if (await transactions.FindAsync(hash, context.RequestAborted).ConfigureAwait(false) is not { } logs)
                return new EventPage([], new PageView(false, query.After is not null, null, null));
            query = query with { Transaction = logs };
        }

        return await EventPages.ReadAsync(database, query, mostRows, context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<object?> EventAsync(ResolverContext context)
    {
        if (!Guid.TryParseExact(context.ArgumentValue<string>("id"), "D", out var id)) return null;
        var page = await EventPages.ReadAsync(
            database, new EventQuery { Id = id, First = 1 }, mostRows, context.RequestAborted).ConfigureAwait(false);
        return page.Nodes.SingleOrDefault();
    }

    private async ValueTask<object?> BlockAsync(ResolverContext context)
    {
        var hash = Convert.FromHexString(context.ArgumentValue<string>("hash")!.AsSpan(2));
        await using var command = database.CreateCommand(
            $"select b.number, b.timestamp from {TableNames.Blocks} b where b.hash = $1");
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, hash);
        await using var reader = await command.ExecuteReaderAsync(context.RequestAborted).ConfigureAwait(false);
        return await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false)
            ? BlockView.Of(reader.GetInt64(0), hash, reader.GetInt64(1))
            : null;
    }

    private async ValueTask<object?> EventsOfAsync(ResolverContext context)
    {
        var stream = context.Parent<StreamView>();
        var query = EventQuery.Of(context) with { Stream = stream.Id, UntilVersion = stream.Version };
        return await EventPages.ReadAsync(database, query, mostRows, context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<object?> StreamAsync(ResolverContext context)
    {
        var id = context.ArgumentValue<string>("id");
        // An id without the name of a read model is no stream. PostgreSQL is not asked for texts that it cannot hold.
        if (EventRoutes.Find(id) is not { } thing || id.Contains('\0')) return null;
        await using var command = database.CreateCommand(
            $"""
            select s.version, coalesce((
                     select e.timestamp from {TableNames.Events} e where e.stream_id = s.id and e.version = 1), s.created),
                   s.timestamp
              from {TableNames.Streams} s where s.id = $1
            """);
        command.Parameters.AddWithValue(NpgsqlDbType.Varchar, id);
        await using var reader = await command.ExecuteReaderAsync(context.RequestAborted).ConfigureAwait(false);
        return await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false)
            ? new StreamView(id, thing.Model.Fold.Name, reader.GetInt64(0), Time(reader, 1), Time(reader, 2))
            : null;
    }

    private async ValueTask<object?> StateAsync(ResolverContext context)
    {
        var stream = context.Parent<StreamView>();
        var version = context.ArgumentValue<long?>("version");
        if (version < 1 || version > stream.Version)
            throw new GraphQLException(new GraphQLError(
                $"expected a version of {stream.Id} from 1 to {stream.Version}, found {version}", "UNKNOWN_VERSION")
                .WithExtension("expected", stream.Version).WithExtension("found", version));
        var thing = EventRoutes.Find(stream.Id)!.Value;
        await using var connection = await database.OpenConnectionAsync(context.RequestAborted).ConfigureAwait(false);
        await using var snapshot = await connection
            .BeginTransactionAsync(IsolationLevel.RepeatableRead, context.RequestAborted).ConfigureAwait(false);
        var fold = StateFold.Of(thing.Model);
        var state = version is { } given
            ? await fold.AtAsync(connection, thing, given, context.RequestAborted).ConfigureAwait(false)
            : await fold.NowAsync(connection, thing, context.RequestAborted).ConfigureAwait(false);
        return state is { } json ? new RawJson(json) : null;
    }

    private static string Time(NpgsqlDataReader reader, int column) =>
        BlockView.Time(reader.GetFieldValue<DateTimeOffset>(column));
}
