// Cuts connections to a database at random moments: before a write, between two writes, in the middle of a COPY, while a lock is held. Enters: a
// database. Leaves: backends that PostgreSQL terminated. Always holds: only contenders' connections are cut, those at work first.
using Npgsql;

namespace EventSourced.Simulation.Tests;

/// <summary>Kills backends of one database.</summary>
internal sealed class Saboteur(int seed, string database)
{
    private const int LongestPeace = 1_200;

    private readonly Random _random = new(seed);

    /// <summary>How many backends were killed.</summary>
    internal int Kills { get; private set; }

    /// <summary>Kills until the end.</summary>
    internal async Task RageAsync(CancellationToken end)
    {
        await using var connection = new NpgsqlConnection(Quiet(database));
        await connection.OpenAsync(CancellationToken.None);
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(_random.Next(5, LongestPeace), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await using var command = new NpgsqlCommand(
                """
                select pg_terminate_backend(pid)
                  from (select pid from pg_stat_activity
                         where datname = current_database() and application_name like $1
                         order by case when $3 and state <> 'idle' then 0 else 1 end, pid offset $2 limit 1) victim
                """,
                connection);
            command.Parameters.AddWithValue(Contender.Prefix + "%");
            command.Parameters.AddWithValue(_random.Next(3));
            command.Parameters.AddWithValue(_random.Next(4) > 0);
            if (await command.ExecuteScalarAsync(CancellationToken.None) is true) Kills++;
        }
    }

    /// <summary>Cuts every connection of one application, as a process that is killed loses them.</summary>
    internal static async Task CutAsync(string database, string application)
    {
        await using var connection = new NpgsqlConnection(Quiet(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1",
            connection);
        command.Parameters.AddWithValue(application);
        await command.ExecuteNonQueryAsync();
    }

    private static string Quiet(string database) =>
        new NpgsqlConnectionStringBuilder(database) { ApplicationName = "saboteur", Pooling = false }.ConnectionString;
}
