// One step of following the index. Enters: a position. Leaves: the changes since that position. A step first takes
// back the events that reorgs cut, newest first, and then tells the appended events in order. Always holds: a step
// is one snapshot and bounded; a step takes back only events that were told before its position; a follower that
// steps until nothing is left has missed nothing, even when notifications were lost.
using System.Data;
using EventSourced.Api.Streams;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Response;
using EventSourced.Tables;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Api.Live;

/// <summary>The position of a follower: the last event that it was told, and the last reorg that it knows.</summary>
internal readonly record struct FeedPosition(long Sequence, long Reorg);

/// <summary>A block that the index has moved to.</summary>
internal sealed record FeedBlock(long Number, BlockView View);

/// <summary>A reorg: the index left every block behind the ancestor.</summary>
internal readonly record struct FeedReorg(long Id, long Ancestor, long LastSequence, DateTime HappenedAt);

/// <summary>The findings of one step.</summary>
internal sealed record FeedStep(FeedPosition Before, FeedPosition After)
{
    /// <summary>Events that were taken back, newest first.</summary>
    public IReadOnlyList<StoredEvent> Retracted { get; init; } = [];

    /// <summary>Events that were appended, in order.</summary>
    public IReadOnlyList<StoredEvent> Appended { get; init; } = [];

    /// <summary>The ancestors of the reorgs.</summary>
    public IReadOnlyList<long> Ancestors { get; init; } = [];

    /// <summary>The newest block.</summary>
    public FeedBlock? Tip { get; init; }

    /// <summary>The newest block that never changes.</summary>
    public FeedBlock? Final { get; init; }

    /// <summary>The last event of the newest block that never changes.</summary>
    public long FinalSequence { get; init; }

    /// <summary>Whether there is more to read at once.</summary>
    public bool HasMore { get; init; }
}

/// <summary>Reads the steps of a follower.</summary>
internal sealed class FeedReader(NpgsqlDataSource database)
{
    /// <summary>The events of one step.</summary>
    internal const int MostEvents = 5_000;

    /// <summary>The reorgs of one step.</summary>
    private const int MostReorgs = 100;

    private const string LastReorg = $"(select coalesce(max(reorg_id), 0) from {TableNames.Reorgs})";

    private static readonly string ReadProgress =
        $"""
        select last_sequence, {LastReorg}, tip_number, tip_hash, tip_timestamp, final_number, final_hash, final_timestamp,
               {EventPlace.LastEventOf("b.number <= final_number")}
          from {TableNames.Progress}
        """;

    private const string ReadReorgs =
        $"""
        select reorg_id, ancestor_number, last_sequence, happened_at from {TableNames.Reorgs}
         where reorg_id > $1 order by reorg_id limit $2
        """;

    private static readonly string ReadOrphans =
        $"""
        select {StoredEvent.Columns}, null::bytea from {TableNames.OrphanedEvents} e
         where e.orphaned_at = $1 and e.seq_id <= $2 and e.seq_id > $3 order by e.seq_id desc
        """;

    private static readonly string ReadEvents =
        $"""
        {StoredEvent.SelectWithBlock}
         where e.seq_id > $1 and e.seq_id <= $2 order by e.seq_id limit $3
        """;

    /// <summary>The present progress of the index.</summary>
    internal async Task<FeedStep> NowAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return await ProgressAsync(connection, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads the changes behind a position; leaves the events out where no subscriber wants them.</summary>
    internal async Task<FeedStep> NextAsync(FeedPosition position, bool withEvents, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation)
            .ConfigureAwait(false);
        var now = await ProgressAsync(connection, position, cancellation).ConfigureAwait(false);
        if (now.After == position) return now;
        var (sequence, reorg) = position;
        var retracted = new List<StoredEvent>();
        var ancestors = new List<long>();
        foreach (var cut in await ReorgsAsync(connection, reorg, cancellation).ConfigureAwait(false))
        {
            if (withEvents && cut.LastSequence < sequence)
                retracted.AddRange(await OrphansAsync(connection, cut, sequence, cancellation).ConfigureAwait(false));
            ancestors.Add(cut.Ancestor);
            (sequence, reorg) = (Math.Min(sequence, cut.LastSequence), cut.Id);
        }

        var isCaughtUp = reorg == now.After.Reorg;
        var appended = isCaughtUp && withEvents
            ? await EventsAsync(connection, sequence, now.After.Sequence, MostEvents, cancellation)
                .ConfigureAwait(false)
            : [];
        sequence = !isCaughtUp ? sequence
            : appended.Count == MostEvents ? appended[^1].Position
            : now.After.Sequence;
        var after = new FeedPosition(sequence, reorg);
        return now with
        {
            Before = position,
            After = after,
            Retracted = retracted,
            Appended = appended,
            Ancestors = ancestors,
            HasMore = after != now.After,
        };
    }

    /// <summary>Events between two positions, as many as a step may have.</summary>
    internal async Task<List<StoredEvent>> BetweenAsync(long after, long until, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return await EventsAsync(connection, after, until, MostEvents, cancellation).ConfigureAwait(false);
    }

    /// <summary>Finds the position of a client's cursor. A reorg may have taken the event back since: then the
    /// position lies before that reorg.</summary>
    internal async Task<FeedPosition> ResumeAsync(EventCursor cursor, bool isTakenBack, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select exists (select from {TableNames.Events} where seq_id = $1 and id = $2), {LastReorg},
                   (select min(r.reorg_id) from {TableNames.OrphanedEvents} o join {TableNames.Reorgs} r on r.happened_at = o.orphaned_at
                     where o.seq_id = $1 and o.id = $2)
            """);
        command.Parameters.AddWithValue(cursor.Sequence);
        command.Parameters.AddWithValue(cursor.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        // An event may come back after a reorg took it back: an event that stands now needs no taking back.
        if (reader.GetBoolean(0) && !isTakenBack) return new FeedPosition(cursor.Sequence, reader.GetInt64(1));
        if (!await reader.IsDBNullAsync(2, cancellation).ConfigureAwait(false))
            return new FeedPosition(isTakenBack ? cursor.Sequence - 1 : cursor.Sequence, reader.GetInt64(2) - 1);
        throw new GraphQLException(new GraphQLError(
            $"expected the cursor of an event that this database has or had, found {cursor}", "UNKNOWN_CURSOR"));
    }

    private static async Task<FeedStep> ProgressAsync(
        NpgsqlConnection connection, FeedPosition? before, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ReadProgress, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            throw new InvalidOperationException($"expected one row in {TableNames.Progress}, found none");
        var now = new FeedPosition(reader.GetInt64(0), reader.GetInt64(1));
        return new FeedStep(before ?? now, now)
        {
            Tip = Block(reader, 2),
            Final = Block(reader, 5),
            FinalSequence = reader.GetInt64(8),
        };
    }

    private static FeedBlock? Block(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? null
        : new FeedBlock(
            reader.GetInt64(column),
            BlockView.Of(
                reader.GetInt64(column), reader.GetFieldValue<byte[]>(column + 1), reader.GetInt64(column + 2)));

    private static async Task<List<FeedReorg>> ReorgsAsync(
        NpgsqlConnection connection, long after, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ReadReorgs, connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(MostReorgs);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var reorgs = new List<FeedReorg>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            reorgs.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetDateTime(3)));
        return reorgs;
    }

    private static async Task<List<StoredEvent>> OrphansAsync(
        NpgsqlConnection connection, FeedReorg cut, long told, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ReadOrphans, connection);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, cut.HappenedAt);
        command.Parameters.AddWithValue(told);
        command.Parameters.AddWithValue(cut.LastSequence);
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    private static async Task<List<StoredEvent>> EventsAsync(
        NpgsqlConnection connection, long after, long until, int most, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ReadEvents, connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(until);
        command.Parameters.AddWithValue(most);
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    private static async Task<List<StoredEvent>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) events.Add(StoredEvent.Read(reader));
        return events;
    }
}
