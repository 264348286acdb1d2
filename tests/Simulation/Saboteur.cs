// Kills backends of a database at random moments, one, or all at once as a restart does; and watches who leads. Enters:
// a database. Leaves: backends that PostgreSQL terminated. Always holds: only contenders' connections are killed, those
// at work first.
using System.Diagnostics;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Simulation.Tests;

/// <summary>Kills backends of one database.</summary>
internal sealed class Saboteur(int seed, string database, Func<long> batches, Weather weather)
{
    // Peace lasts for some batches, for a slow machine must not be killed before it has begun; but no longer than this.
    private const int MostBatchesOfPeace = 80;
    private const int ShortestPeace = 600;
    private static readonly TimeSpan LongestPeace = TimeSpan.FromSeconds(5);
    private const int RoundsBetweenRestarts = 8;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(15);

    private readonly Random _random = new(seed);
    private string? _leader;

    /// <summary>How many backends were killed.</summary>
    internal int Kills { get; private set; }

    /// <summary>How often leadership was seen to go from one contender to another.</summary>
    internal int Handovers { get; private set; }

    /// <summary>Kills until the end.</summary>
    internal async Task RageAsync(CancellationToken end)
    {
        await using var connection = new NpgsqlConnection(Quiet(database));
        await connection.OpenAsync(CancellationToken.None);
        while (!end.IsCancellationRequested)
        {
            await WatchAsync(connection, TimeSpan.FromMilliseconds(_random.Next(5, ShortestPeace)),
                batches() + _random.Next(MostBatchesOfPeace), end);
            if (!weather.Storms) continue;
            var (all, second, busyFirst) = (
                _random.Next(RoundsBetweenRestarts) == 0, _random.Next(3), _random.Next(4) > 0);
            await using var command = new NpgsqlCommand(
                """
                select count(*) filter (where pg_terminate_backend(pid))
                  from (select pid from pg_stat_activity
                         where datname = current_database() and application_name like $1
                         order by case when $3 and state <> 'idle' then 0 else 1 end, pid offset $2 limit $4) victim
                """,
                connection);
            command.Parameters.AddWithValue(Contender.Prefix + "%");
            command.Parameters.AddWithValue(all ? 0 : second);
            command.Parameters.AddWithValue(busyFirst);
            command.Parameters.AddWithValue(all ? 1_000 : 1);
            Kills += (int)(long)(await command.ExecuteScalarAsync(CancellationToken.None))!;
        }
    }

    private async Task WatchAsync(NpgsqlConnection connection, TimeSpan shortest, long until, CancellationToken end)
    {
        var since = Stopwatch.StartNew();
        while (!end.IsCancellationRequested && since.Elapsed < LongestPeace
            && (since.Elapsed < shortest || batches() < until))
        {
            await Task.Delay(Glance, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await using var command = new NpgsqlCommand(
                """
                select split_part(a.application_name, '-', 2)
                  from pg_locks l join pg_stat_activity a on a.pid = l.pid
                 where l.locktype = 'advisory' and l.granted and a.datname = current_database() and l.classid = ($1 >> 32) and l.objid = ($1 & 4294967295)
                """,
                connection);
            command.Parameters.AddWithValue(SharedTables.LeaderLock);
            if (await command.ExecuteScalarAsync(CancellationToken.None) is not string leader) continue;
            if (_leader is { } before && before != leader) Handovers++;
            _leader = leader;
        }
    }

    private static string Quiet(string database) =>
        new NpgsqlConnectionStringBuilder(database) { ApplicationName = "saboteur", Pooling = false }.ConnectionString;
}
