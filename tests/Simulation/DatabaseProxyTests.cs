// The faulty way to the database does what it says. Enters: a table and one write to it through the proxy. Leaves: the
// row, or none.
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Simulation.Tests;

public sealed class DatabaseProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private TestDatabase _database = null!;
    private DatabaseProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _proxy = new DatabaseProxy(_database.ConnectionString);
        await using var direct = await OpenAsync(_database.ConnectionString);
        await RunAsync(direct, "create table written (what text)");
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_calm_way_changes_nothing()
    {
        await WriteAsync();
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_its_commit_leaves_nothing()
    {
        _proxy.Live(moment => moment == Moment.Commit ? DatabaseFault.CutBefore : DatabaseFault.None);
        await Assert.ThrowsAnyAsync<NpgsqlException>(WriteAsync);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_connection_that_is_cut_after_its_commit_has_written_and_does_not_know_it()
    {
        _proxy.Live(moment => moment == Moment.Commit ? DatabaseFault.CutAfter : DatabaseFault.None);
        await Assert.ThrowsAnyAsync<NpgsqlException>(WriteAsync);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task After_a_crash_nothing_passes_until_a_new_life()
    {
        var crashed = _proxy.Live(moment => moment == Moment.Rows ? DatabaseFault.Crash : DatabaseFault.None);
        await Assert.ThrowsAnyAsync<NpgsqlException>(WriteAsync);
        await Assert.ThrowsAnyAsync<NpgsqlException>(WriteAsync);
        Assert.True(crashed.IsCancellationRequested);
        Assert.Equal(0, await CountAsync());
        _proxy.Live(DatabaseProxy.Calm);
        await WriteAsync();
        Assert.Equal(2, await CountAsync());
        Assert.Equal(1, _proxy.CountOf(DatabaseFault.Crash));
    }

    private async Task WriteAsync()
    {
        await using var connection = await OpenAsync(_proxy.ConnectionString);
        await using var transaction = await connection.BeginTransactionAsync();
        await RunAsync(connection, "insert into written values ('a statement')");
        await using (var rows = await connection.BeginBinaryImportAsync("copy written from stdin (format binary)"))
        {
            await rows.WriteRowAsync(CancellationToken.None, new string('r', 100_000));
            await rows.CompleteAsync();
        }

        await transaction.CommitAsync();
    }

    // What was sent is there as soon as its backend has ended.
    private async Task<long> CountAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var direct = await OpenAsync(_database.ConnectionString);
        while (await AskAsync(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()") > 0)
            await Task.Delay(5, limit.Token);
        return await AskAsync("select count(*) from written");

        async Task<long> AskAsync(string question)
        {
            await using var command = new NpgsqlCommand(question, direct);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
