// How far the events can be trusted: up to the first hole in the sequence that may still be filled. A hole is final
// once
// every transaction that could have drawn its number has ended. PostgreSQL shows them: whoever called nextval holds a
// lock on the sequence until its transaction ends, so the holders seen when the hole was seen are all there can be.
using System.Diagnostics;
using Npgsql;

namespace EventSourced.EventStore.Subscriptions;

/// <summary>Finds the position below which nothing can still appear.</summary>
internal sealed class HighWater(Store store)
{
    /// <summary>Positions looked at in one step.</summary>
    internal const int Window = 10_000;

    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(25);

    private readonly string _window = $"""
        select coalesce(max(seq_id) filter (where seq_id - place = $1), $1),
               min(seq_id) filter (where seq_id - place > $1)
          from (select seq_id, row_number() over (order by seq_id) as place
                  from {store.Schema}.mt_events where seq_id > $1 order by seq_id limit {Window}) as behind
        """;

    private readonly string _writers = $"""
        select virtualtransaction from pg_locks
         where locktype = 'relation' and database = (select oid from pg_database where datname = current_database())
           and relation = '{store.Schema}.mt_events_sequence'::regclass and pid is distinct from pg_backend_pid()
        """;

    private Hole? _hole;

    /// <summary>
    /// The trusted position at or behind <paramref name="after"/>, at most a window further. Stands still before a hole
    /// that may be filled; the next call looks again.
    /// </summary>
    internal async Task<long> AdvanceAsync(NpgsqlConnection connection, long after, CancellationToken token)
    {
        var (reached, beyond) = await LookAsync(connection, after, token);
        if (reached > after || beyond is null) return reached;
        if (_hole is null || _hole.After != after)
            _hole = new Hole(after, await WritersAsync(connection, token), Stopwatch.GetTimestamp());
        if (await IsOpenAsync(connection, _hole, token)) return after;

        // Whoever could fill the hole has ended. What they committed is visible to a look that starts now.
        (reached, beyond) = await LookAsync(connection, after, token);
        if (reached > after || beyond is null) return reached;
        await SkipAsync(connection, after, beyond.Value - 1, token);
        _hole = null;
        return beyond.Value - 1;
    }

    /// <summary>
    /// The trusted position at the end of all events now, waiting for writers under way, at most a while.
    /// </summary>
    internal async Task<long> SettleAsync(
        NpgsqlConnection connection, long after, TimeSpan patience, CancellationToken token)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var reached = await AdvanceAsync(connection, after, token);
            if (reached == after)
            {
                var (_, beyond) = await LookAsync(connection, after, token);
                if (beyond is null || Stopwatch.GetElapsedTime(started) > patience) return reached;
                await Task.Delay(Recheck, token);
            }

            after = reached;
        }
    }

    private async Task<bool> IsOpenAsync(NpgsqlConnection connection, Hole hole, CancellationToken token)
    {
        if (hole.Writers.Count > 0) hole.Writers.IntersectWith(await WritersAsync(connection, token));
        return hole.Writers.Count > 0 || Stopwatch.GetElapsedTime(hole.Seen) < store.Options.StaleSequenceThreshold;
    }

    private async Task<(long Reached, long? Beyond)> LookAsync(
        NpgsqlConnection connection, long after, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(_window, connection);
        command.Parameters.AddTyped(after);
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1));
    }

    private async Task<HashSet<string>> WritersAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(_writers, connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        var writers = new HashSet<string>();
        while (await reader.ReadAsync(token)) writers.Add(reader.GetString(0));
        return writers;
    }

    private async Task SkipAsync(NpgsqlConnection connection, long from, long to, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
            insert into {store.Schema}.mt_high_water_skips (ending_sequence, starting_sequence) values ($1, $2)
            on conflict (ending_sequence) do nothing
            """,
            connection);
        command.Parameters.AddTyped(to);
        command.Parameters.AddTyped(from);
        await command.ExecuteNonQueryAsync(token);
    }

    private sealed record Hole(long After, HashSet<string> Writers, long Seen);
}
