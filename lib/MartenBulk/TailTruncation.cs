// A reorganisation cuts the provisional tail: everything behind a position leaves the streams and is kept in the orphan
// table. Streams, sequence and the progress of Marten's daemon all go back in the same transaction, so that everybody
// sees the events that are written next, even when they take the numbers of cut ones.
using Npgsql;

namespace EventSourced.MartenBulk;

/// <summary>The result of a truncation.</summary>
/// <param name="Events">Events moved to the orphan table.</param>
/// <param name="Streams">Streams that went back or vanished.</param>
public readonly record struct TailCut(long Events, long Streams);

/// <summary>Cuts the tail of all streams.</summary>
internal sealed class TailTruncation(string schema, NpgsqlTransaction transaction)
{
    private const int CutCommand = 6;

    internal async Task<TailCut> CutAsync(
        long afterSequence, string? reason, bool rewindSequence, CancellationToken token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        var connection = transaction.Connection ?? throw new ArgumentException(
            "expected an open transaction, found one that has ended");
        await using var batch = new NpgsqlBatch(connection);
        Add($"select pg_advisory_xact_lock({AdvisoryLocks.Tail(schema)})");
        Add($"select pg_advisory_xact_lock({AdvisoryLocks.Cut(schema)})");
        Add($"""
            create temporary table if not exists es_cut_streams (id varchar primary key, version bigint not null)
                on commit drop
            """);
        Add("truncate es_cut_streams");
        // Taken in one order, like every append does.
        Add($"""
            select id from {schema}.mt_streams
             where id in (select stream_id from {schema}.mt_events where seq_id > $1) order by id for update
            """, afterSequence);
        Add($"""
            insert into es_cut_streams
            select stream_id, min(version) - 1 from {schema}.mt_events where seq_id > $1 group by stream_id
            """, afterSequence);
        if (reason is null) Add($"delete from {schema}.mt_events where seq_id > $1", afterSequence);
        else Add($$"""
            with cut as (delete from {{schema}}.mt_events where seq_id > $1 returning *)
            insert into {{schema}}.es_orphaned_events
                (orphaned_at, reason, seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, metadata)
            select now(), $2, seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type,
                   jsonb_strip_nulls(to_jsonb(cut) - array['seq_id', 'id', 'stream_id', 'version', 'data', 'type',
                                                           'timestamp', 'mt_dotnet_type', 'tenant_id', 'is_archived'])
              from cut order by seq_id
            """, afterSequence, reason);
        // The event before the cut may have been archived and dropped.
        Add($"""
            update {schema}.mt_streams s set version = c.version, timestamp = coalesce(e.timestamp, s.timestamp)
              from es_cut_streams c left join {schema}.mt_events e on e.stream_id = c.id and e.version = c.version
             where s.id = c.id
            """);
        Add($"delete from {schema}.mt_streams s using es_cut_streams c where s.id = c.id and c.version = 0");
        Add($"""
            update {schema}.mt_event_progression set last_seq_id = $1, last_updated = transaction_timestamp()
             where last_seq_id > $1
            """, afterSequence);
        Add($"delete from {schema}.mt_high_water_skips where ending_sequence > $1", afterSequence);
        if (rewindSequence)
            Add($"select setval('{schema}.mt_events_sequence', greatest($1, 1), $1 > 0)", afterSequence);
        await batch.ExecuteNonQueryAsync(token);
        await using var count = new NpgsqlCommand("select count(*) from es_cut_streams", connection);
        return new TailCut((long)batch.BatchCommands[CutCommand].Rows, (long)(await count.ExecuteScalarAsync(token))!);

        void Add(string statement, params object[] values)
        {
            var command = new NpgsqlBatchCommand(statement);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }
    }
}
