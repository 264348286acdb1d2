// The table of jobs and its loop on a real database: claims, takeovers, decisions, faults.
using EventSourced.Commands;
using EventSourced.Testing;
using EventSourced.Workers.Queueing;
using EventSourced.Workers.Tests;
using Npgsql;

namespace EventSourced.Economy.Tests;

public sealed class QueueTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly FoundJob Found = new("execute-1-1", JobKind.Execute, 1, 1, 7);

    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private JobTable _table = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        _table = new JobTable(_source);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _table.MakeAsync(None)));
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_thing_that_is_found_often_is_one_job_and_one_process_has_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _table.AddAsync([Found], None)));
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync(Guid.NewGuid(), Long)));
        Assert.Single(claims.SelectMany(claimed => claimed));
    }

    [Fact]
    public async Task A_claim_that_is_not_renewed_is_anybodys_and_whoever_lost_it_changes_nothing()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await _table.AddAsync([Found], None);
        Assert.Single(await ClaimAsync(first, TimeSpan.Zero));
        Assert.Single(await ClaimAsync(second, Long));
        Assert.Empty(await _table.RenewAsync(first, Long, [Found.Key], None));
        Assert.Null(await _table.KeepOnceAsync(Found.Key, first, "mine", None));
        await _table.DoneAsync(Found.Key, first, "mine", None);
        Assert.Equal("ours", await _table.KeepOnceAsync(Found.Key, second, "ours", None));
        Assert.Equal("ours", await _table.KeepOnceAsync(Found.Key, second, "another", None));
        await _table.DoneAsync(Found.Key, second, "ours", None);
        Assert.Equal("ours", Assert.Single(await _table.ListAsync(JobState.Done, 10, None)).Reason);
    }

    [Fact]
    public async Task Jobs_of_agents_that_are_hosted_elsewhere_are_left_to_others()
    {
        await _table.AddAsync([Found, Found with { Key = "check-1", Kind = JobKind.Check, AgentId = 0 }], None);
        var mine = await _table.ClaimAsync(
            Rooms(10, JobKind.Execute, JobKind.Check), [8], Guid.NewGuid(), Long, 10, None);
        Assert.Equal("check-1", Assert.Single(mine).Key);
    }

    // A bug that was: jobs were claimed in the order in which they were found, so that tasks which were won waited
    // behind all bids for tasks that were not, and 200 tasks at once took 16 s each before the work began.
    [Fact]
    public async Task Won_tasks_come_before_bids_and_no_kind_takes_all_the_room()
    {
        await _table.AddAsync([.. Enumerable.Range(0, 6).Select(
            bid => Found with { Key = $"bid-{bid}", Kind = JobKind.Bid })], None);
        await _table.AddAsync([.. Enumerable.Range(0, 6).Select(
            task => Found with { Key = $"execute-{task}" })], None);
        var rooms = Rooms(3, JobKind.Execute, JobKind.Bid);
        var first = await _table.ClaimAsync(rooms, [7], Guid.NewGuid(), Long, 4, None);
        Assert.Equal(3, first.Count(job => job.Kind == JobKind.Execute));
        Assert.Single(first, job => job.Kind == JobKind.Bid);
        var second = await _table.ClaimAsync(rooms, [7], Guid.NewGuid(), Long, 10, None);
        Assert.Equal(3, second.Count(job => job.Kind == JobKind.Execute));
        Assert.Equal(3, second.Count(job => job.Kind == JobKind.Bid));
    }

    [Fact]
    public async Task A_job_that_fails_too_often_is_dead_until_somebody_puts_it_back()
    {
        var runs = 0;
        await _table.AddAsync([Found], None);
        using var stop = new CancellationTokenSource();
        using var loop = Loop(
            (_, _) =>
            {
                runs++;
                throw new InvalidOperationException("as the test wants it");
            });
        var running = loop.RunAsync(stop.Token);
        await Eventually.TrueAsync(async () => (await _table.FiguresAsync(None)).Dead == 1, running: running);
        Assert.Equal(3, runs);
        Assert.False(await _table.RequeueAsync("another", None));
        Assert.True(await _table.RequeueAsync(Found.Key, None));
        await Eventually.TrueAsync(() => runs == 6, running: running);
        await stop.CancelAsync();
        await running;
    }

    // The loop cancelled a job that ended at that moment, and met the disposed source of its cancellation.
    [Fact]
    public async Task A_loop_that_stops_while_its_jobs_end_ends_without_a_fault()
    {
        const int jobs = 20;
        await _table.AddAsync(
            [.. Enumerable.Range(0, jobs).Select(index => Found with { Key = $"execute-{index}" })], None);
        var began = 0;
        using var stop = new CancellationTokenSource();
        using var loop = Loop(async (_, cancellation) =>
        {
            Interlocked.Increment(ref began);
            await Task.Delay(Timeout.Infinite, stop.Token).WaitAsync(cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new JobEnd.Done("ended as the loop did");
        });
        var running = loop.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => began == jobs, () => began, running);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Work_that_outlasts_its_claim_keeps_it_and_a_loop_that_stops_gives_it_back()
    {
        await _table.AddAsync([Found], None);
        var began = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        using var loop = Loop(async (_, cancellation) =>
        {
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return new JobEnd.Done("never");
        });
        var running = loop.RunAsync(stop.Token);
        await began.Task;
        var renewed = await ClaimedUntilAsync();
        await Eventually.TrueAsync(async () => await ClaimedUntilAsync() > renewed, running: running);
        Assert.Empty(await ClaimAsync(Guid.NewGuid(), Long));
        await stop.CancelAsync();
        await running;
        Assert.Single(await ClaimAsync(Guid.NewGuid(), Long));
    }

    private JobLoop Loop(Func<HeldJob, CancellationToken, Task<JobEnd>> work) => new(
        _table, _ => Task.FromResult<IReadOnlyCollection<FoundJob>>([]),
        new Dictionary<JobKind, Func<HeldJob, CancellationToken, Task<JobEnd>>> { [JobKind.Execute] = work }, [7],
        new JobOptions
        {
            FirstPause = TimeSpan.FromMilliseconds(1),
            LookEvery = TimeSpan.FromMilliseconds(10),
            RenewEvery = TimeSpan.FromMilliseconds(50),
            MostFaults = 3,
        },
        new Lines(), TimeProvider.System);

    private Task<IReadOnlyList<Job>> ClaimAsync(Guid worker, TimeSpan hold) =>
        _table.ClaimAsync(Rooms(10, JobKind.Execute), [7], worker, hold, 10, None);

    private static KeyValuePair<JobKind, int>[] Rooms(int room, params JobKind[] kinds) =>
        [.. kinds.Select(kind => KeyValuePair.Create(kind, room))];

    private async Task<DateTime> ClaimedUntilAsync()
    {
        await using var command = _source.CreateCommand("select claimed_until from commands.job");
        return (DateTime)(await command.ExecuteScalarAsync())!;
    }
}
