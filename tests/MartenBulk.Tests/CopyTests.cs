// A stop in the middle of a COPY, at moments of chance. It is told as a stop, and the connection, where it is still
// whole, goes on. Disposal alone ended the copy as if all had been sent: "22P04: COPY file signature not recognized".
using System.Data;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.MartenBulk.Tests;

public sealed class CopyTests(Database database) : IClassFixture<Database>
{
    private const string Statement = "copy copied from stdin (format binary)";

    [Fact]
    public Task A_stop_at_any_moment_of_a_copy_is_told_as_a_stop_and_leaves_no_row() => Seed.RunAsync(async random =>
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using (var made = source.CreateCommand("create table copied (number bigint not null)"))
            await made.ExecuteNonQueryAsync();
        var stopped = 0;
        for (var round = 0; round < 300; round++)
        {
            await using var connection = await source.OpenConnectionAsync();
            using var stop = new CancellationTokenSource();
            using var rows = Rows(1 + random.Next(60_000));
            var sending = rows.SendAsync(connection, Statement, stop.Token);
            Thread.SpinWait(random.Next(60_000));
            await stop.CancelAsync();
            try
            {
                await sending;
                await using var emptied = new NpgsqlCommand("truncate copied", connection);
                await emptied.ExecuteNonQueryAsync();
            }
            catch (OperationCanceledException)
            {
                stopped++;
                if (connection.State == ConnectionState.Open) Assert.Equal(0L, await CountAsync(connection));
            }
        }

        Assert.NotEqual(0, stopped);
        await using var last = await source.OpenConnectionAsync();
        Assert.Equal(0L, await CountAsync(last));
    });

    private static CopyBuffer Rows(int rows)
    {
        var buffer = new CopyBuffer();
        for (var number = 0; number < rows; number++)
        {
            buffer.Row(1);
            buffer.Int64(number);
        }

        return buffer;
    }

    private static async Task<long?> CountAsync(NpgsqlConnection connection)
    {
        await using var counted = new NpgsqlCommand("select count(*) from copied", connection);
        return (long?)await counted.ExecuteScalarAsync();
    }
}
