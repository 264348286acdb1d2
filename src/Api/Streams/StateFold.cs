// The state of a thing now and at any version of its stream. Enters: an open snapshot, an id, a version. Leaves: the
// state as canonical JSON. The fold begins with the row as it held before the version's block, and applies the
// block's events by every route that changes the thing; so one block bounds the work, however long the stream is.
// Always holds: the answer is the state that the indexer folded; a thing that was quarantined before stands still.
using System.Buffers;
using System.Globalization;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.GraphQL.Errors;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Api.Streams;

/// <summary>Folds one thing to a version; callers need not know its types.</summary>
internal abstract class StateFold
{
    /// <summary>The events of one block that may be folded for one answer.</summary>
    internal const int MostFolded = 20_000;

    private static readonly Dictionary<ReadModel, StateFold> Folds =
        ReadModels.All.ToDictionary(model => model, model => model.Accept(new Maker()));

    /// <summary>The fold of a model.</summary>
    internal static StateFold Of(ReadModel model) => Folds[model];

    /// <summary>The state after an event of the thing's own stream, as canonical JSON; null when there is no such
    /// version.</summary>
    internal abstract Task<ReadOnlyMemory<byte>?> AtAsync(
        NpgsqlConnection snapshot, Thing thing, long version, CancellationToken cancellation);

    /// <summary>The present state as canonical JSON, including events of other streams; null when there is
    /// none.</summary>
    internal abstract Task<ReadOnlyMemory<byte>?> NowAsync(
        NpgsqlConnection snapshot, Thing thing, CancellationToken cancellation);

    /// <summary>The state at the end of a block as canonical JSON; null when there was none.</summary>
    internal abstract Task<ReadOnlyMemory<byte>?> AsOfAsync(
        NpgsqlConnection snapshot, Thing thing, ulong block, CancellationToken cancellation);

    private sealed class Maker : IReadModelVisitor<StateFold>
    {
        public StateFold Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class => new StateFold<TKey, TState>(model);
    }
}

/// <summary>Folds one thing to a version.</summary>
internal sealed class StateFold<TKey, TState>(ReadModel<TKey, TState> model) : StateFold
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    private static readonly string FindEvent =
        $"""
        select e.seq_id, e.id, {EventPlace.LastEventOf($"b.number < {EventPlace.BlockOf("e.id")}")}
        from {TableNames.Events} e where e.stream_id = $1 and e.version = $2
        """;

    private const string FindEvents =
        $"""
        select id, type, data, timestamp from {TableNames.Events}
         where seq_id > $1 and seq_id <= $2 and type = any($3) order by seq_id limit $4
        """;

    private readonly RowCodec<TState> _codec = RowCodec<TState>.Shared;
    private readonly string[] _types =
        [.. model.Fold.Routes.Select(route => EventRecords.NameOf(route.Event)).Distinct()];

    // The row that held at the end of the block before, and whether the thing was quarantined by then.
    private readonly string _findRow =
        $"""
        select {string.Join(", ", model.Columns.Select(column => column.Name))},
               exists (select from {TableNames.Violations} where subject = $3 and block < $2) from (
          select {string.Join(", ", model.Columns.Select(column => column.Name))}
            from {TableNames.Of(TableNames.ServingSchema, model.Table)}
           where {model.Columns[0].Name} = $1 and valid_from < $2
          union all
          select {string.Join(", ", model.Columns.Select(column => column.Name))}
            from {TableNames.HistoryOf(TableNames.ServingSchema, model.Table)}
           where {model.Columns[0].Name} = $1 and valid_from < $2 and valid_to >= $2) r
        """;

    internal override async Task<ReadOnlyMemory<byte>?> AtAsync(
        NpgsqlConnection snapshot, Thing thing, long version, CancellationToken cancellation)
    {
        if (await FindAsync(snapshot, thing, version, cancellation).ConfigureAwait(false) is not { } found)
            throw new GraphQLException(new GraphQLError(
                $"expected a version of {thing.Id} whose event is in this index, found version {version}, which was archived and dropped",
                ErrorCodes.BlockArchived));
        var (state, isQuarantined) = await BeginAsync(snapshot, thing, found.Block, cancellation).ConfigureAwait(false);
        if (!isQuarantined)
            state = await FoldAsync(snapshot, thing, state, found.After, found.Sequence, cancellation)
                .ConfigureAwait(false);
        return Json(state);
    }

    internal override async Task<ReadOnlyMemory<byte>?> NowAsync(
        NpgsqlConnection snapshot, Thing thing, CancellationToken cancellation) =>
        Json((await BeginAsync(snapshot, thing, long.MaxValue, cancellation).ConfigureAwait(false)).State);

    internal override async Task<ReadOnlyMemory<byte>?> AsOfAsync(
        NpgsqlConnection snapshot, Thing thing, ulong block, CancellationToken cancellation) =>
        Json((await BeginAsync(snapshot, thing, block + 1, cancellation).ConfigureAwait(false)).State);

    private ReadOnlyMemory<byte>? Json(TState? state)
    {
        if (state is null) return null;
        var json = new ArrayBufferWriter<byte>();
        _codec.WriteJson(json, state);
        return json.WrittenMemory;
    }

    private static async Task<(long Sequence, ulong Block, long After)?> FindAsync(
        NpgsqlConnection snapshot, Thing thing, long version, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(FindEvent, snapshot);
        command.Parameters.AddWithValue(NpgsqlDbType.Varchar, thing.Id);
        command.Parameters.AddWithValue(version);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? (reader.GetInt64(0), EventIdentity.PlaceOf(reader.GetGuid(1), default).Block, reader.GetInt64(2))
            : null;
    }

    private async Task<(TState? State, bool IsQuarantined)> BeginAsync(
        NpgsqlConnection snapshot, Thing thing, ulong block, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(_findRow, snapshot);
        command.Parameters.Add(KeyParameter(thing.Key));
        command.Parameters.AddWithValue((long)block);
        command.Parameters.AddWithValue(thing.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? (_codec.Read(reader), reader.GetBoolean(model.Columns.Count))
            : (null, false);
    }

    private async Task<TState?> FoldAsync(
        NpgsqlConnection snapshot, Thing thing, TState? state, long after, long until, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(FindEvents, snapshot);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(until);
        command.Parameters.AddWithValue(_types);
        command.Parameters.AddWithValue(MostFolded + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        for (var folded = 0; await reader.ReadAsync(cancellation).ConfigureAwait(false); folded++)
        {
            if (folded == MostFolded)
                throw LimitExceeded.Exception("FOLDED_EVENTS", MostFolded, folded + 1);
            var at = EventIdentity.PlaceOf(
                reader.GetGuid(0), (ulong)reader.GetFieldValue<DateTimeOffset>(3).ToUnixTimeSeconds());
            var happened = EventRecords.Read(reader.GetString(1), reader.GetFieldValue<byte[]>(2));
            foreach (var route in EventRoutes.Of(model, happened))
            {
                if (route.KeyOf(happened, at) != thing.Key) continue;
                // The thing was quarantined here: its later events are stored but not believed.
                if (model.Fold.Evolve(state, happened, at) is not { } next) return state;
                state = next;
            }
        }

        return state;
    }

    private static NpgsqlParameter KeyParameter(string key)
    {
        object? value = typeof(TKey) == typeof(string) ? key
            : typeof(TKey) == typeof(ulong)
                ? long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null
            : IsHex(key) ? Convert.FromHexString(key.AsSpan(2)) : null;
        return new NpgsqlParameter
        {
            Value = value ?? throw new GraphQLException(new GraphQLError(
                $"expected an id that ends in a key of {typeof(TKey).Name}, found \"{key}\"", ErrorCodes.BadUserInput)),
        };
    }

    private static bool IsHex(string key) =>
        key.StartsWith("0x", StringComparison.Ordinal) && key.Length % 2 == 0 && key.Skip(2).All(char.IsAsciiHexDigit);
}
