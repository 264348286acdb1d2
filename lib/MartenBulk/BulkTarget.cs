// The database side of a bulk append: new streams by COPY, known ones by one checked update, sequence numbers, events
// by COPY. Everything runs on the caller's connection, in the caller's transaction.
using Npgsql;

namespace EventSourced.MartenBulk;

/// <summary>Writes the events that a bulk append collected.</summary>
internal sealed class BulkTarget(BulkStore store, NpgsqlTransaction transaction, BulkOptions options)
{
    /// <summary>How many columns <see cref="EventColumns"/> names.</summary>
    internal const int EventFields = 10;

    private const string EventColumns =
        "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived";

    private readonly NpgsqlConnection _connection = transaction.Connection
        ?? throw new ArgumentException("expected an open transaction, found one that has ended");

    private const string StreamColumns = "id, type, version, timestamp, created, tenant_id, is_archived";

    private bool? _mayDisableKeys;

    /// <summary>The sequence of the last event written, or 0.</summary>
    internal long LastSequence { get; private set; }

    internal async Task WriteStreamsAsync(List<BulkStream> touched, CancellationToken token)
    {
        var started = touched.Where(stream => stream.StoredVersion == 0).ToList();
        var continued = touched.Where(stream => stream.StoredVersion > 0).ToList();
        if (started.Count > 0) await StartAsync(started, token);
        if (continued.Count > 0) await ContinueAsync(continued, token);
    }

    /// <summary>Sequence numbers for the next events, ascending.</summary>
    internal async Task<SequenceNumbers> DrawAsync(int count, CancellationToken token)
    {
        var numbers = options.SoleWriter
            ? new SequenceNumbers(await NextAsync(token), null)
            : await DrawSharedAsync(count, token);
        LastSequence = numbers[count - 1];
        return numbers;
    }

    internal async Task WriteEventsAsync(CopyBuffer rows, CancellationToken token)
    {
        var unchecked_ = !options.CheckForeignKey && await MayDisableKeysAsync(token);
        if (unchecked_) await RunAsync("set local session_replication_role = replica", token);
        await rows.SendAsync(
            _connection, $"copy {store.Schema}.mt_events ({EventColumns}) from stdin (format binary)", token);
        if (unchecked_) await RunAsync("set local session_replication_role = origin", token);
        if (options.SoleWriter)
            await RunAsync($"select setval('{store.Schema}.mt_events_sequence', {LastSequence})", token);
    }

    private async Task StartAsync(List<BulkStream> started, CancellationToken token)
    {
        using var rows = new CopyBuffer();
        foreach (var stream in started)
        {
            rows.Row(7);
            rows.Utf8(stream.KeyUtf8);
            rows.Null();
            rows.Int64(stream.Version);
            rows.Time(stream.Last);
            rows.Time(stream.First);
            rows.Utf8("*DEFAULT*"u8);
            rows.False();
        }

        try
        {
            await rows.SendAsync(
                _connection,
                $"copy {store.Schema}.mt_streams ({StreamColumns}) from stdin (format binary)",
                token);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The caller's transaction has failed and answers no more questions.
            await using var other = await store.DataSource.OpenConnectionAsync(token);
            var found = await FirstAsync(other, [.. started.Select(stream => stream.Key)], token);
            throw new ConcurrencyException(found?.Key ?? started[0].Key, 0, found?.Version ?? 0, error);
        }
    }

    private async Task ContinueAsync(List<BulkStream> continued, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with moved as (
                update {store.Schema}.mt_streams s set version = w.reached, timestamp = w.last
                  from unnest($1::varchar[], $2::bigint[], $3::bigint[], $4::timestamptz[])
                    as w (id, stored, reached, last)
                 where s.id = w.id and s.version = w.stored and s.is_archived is not true
                returning s.id
            )
            select case when count(*) < $5 then coalesce(array_agg(id), array[]::varchar[]) end from moved
            """,
            _connection);
        command.Parameters.AddKeys([.. continued.Select(stream => stream.Key)]);
        command.Parameters.AddTyped<long[]>([.. continued.Select(stream => stream.StoredVersion)]);
        command.Parameters.AddTyped<long[]>([.. continued.Select(stream => stream.Version)]);
        command.Parameters.AddTyped<DateTime[]>([.. continued.Select(stream => stream.Last.UtcDateTime)]);
        command.Parameters.AddTyped<long>(continued.Count);
        await command.PrepareAsync(token);
        if (await command.ExecuteScalarAsync(token) is string[] moved)
            await RefuseAsync(continued.First(stream => !moved.Contains(stream.Key)), token);
    }

    private async Task RefuseAsync(BulkStream stream, CancellationToken token)
    {
        var found = await FirstAsync(_connection, [stream.Key], token);
        if (found is { IsArchived: true }) throw new ArchivedStreamException(stream.Key);
        throw new ConcurrencyException(stream.Key, stream.StoredVersion, found?.Version ?? 0);
    }

    // The first of these streams that exists.
    private async Task<(string Key, long Version, bool IsArchived)?> FirstAsync(
        NpgsqlConnection connection, string[] keys, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select id, version, coalesce(is_archived, false) from {store.Schema}.mt_streams
             where id = any($1) order by id limit 1
            """,
            connection);
        command.Parameters.AddKeys(keys);
        await using var reader = await command.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token)
            ? (reader.GetString(0), reader.GetInt64(1), reader.GetBoolean(2))
            : null;
    }

    private async Task<long> NextAsync(CancellationToken token)
    {
        if (LastSequence > 0) return LastSequence + 1;
        await RunAsync($"select pg_advisory_xact_lock({AdvisoryLocks.Tail(store.Schema)})", token);
        await using var command =
            new NpgsqlCommand($"select coalesce(max(seq_id), 0) + 1 from {store.Schema}.mt_events", _connection);
        return (long)(await command.ExecuteScalarAsync(token))!;
    }

    private async Task<SequenceNumbers> DrawSharedAsync(int count, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with drawn as materialized (
                select nextval('{store.Schema}.mt_events_sequence') as number from generate_series(1, $1)
            )
            select min(number),
                   case when max(number) - min(number) + 1 <> count(*) then array_agg(number order by number) end
              from drawn
            """,
            _connection);
        command.Parameters.AddTyped(count);
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return new SequenceNumbers(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<long[]>(1));
    }

    private async Task<bool> MayDisableKeysAsync(CancellationToken token)
    {
        if (_mayDisableKeys is { } known) return known;
        await using var command = new NpgsqlCommand(
            """
            select (select rolsuper from pg_roles where rolname = current_user)
                or (current_setting('server_version_num')::int >= 150000
                    and has_parameter_privilege('session_replication_role', 'SET'))
            """,
            _connection);
        _mayDisableKeys = (bool)(await command.ExecuteScalarAsync(token))!;
        return _mayDisableKeys.Value;
    }

    private async Task RunAsync(string statement, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(statement, _connection);
        await command.ExecuteNonQueryAsync(token);
    }
}

/// <summary>Ascending sequence numbers: a run without holes, or a list where other writers drew in between.</summary>
internal readonly record struct SequenceNumbers(long First, long[]? List)
{
    internal long this[int index] => List is null ? First + index : List[index];
}
